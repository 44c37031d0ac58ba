// Moves one marked image in every manifest of a folder, as Flux does it: read by kyaml, set by marker, written anew.
//
// Usage: setters FOLDER POLICY IMAGE TAG. Prints the seconds of CPU, and the number of files that were changed.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

const token = `"$imagepolicy"`

// A setter holds the new value for each marker.
type setter map[string]string

func main() {
	policy, image, tag := os.Args[2], os.Args[3], os.Args[4]
	values := setter{policy: image + ":" + tag, policy + ":tag": tag, policy + ":name": image}
	files := read(os.Args[1])
	begin := spent()
	changed := 0
	for _, content := range files {
		if after, same := values.update(content); !same && len(after) > 0 {
			changed++
		}
	}
	fmt.Printf("%.4f %d\n", spent()-begin, changed)
}

func read(folder string) [][]byte {
	var files [][]byte
	check(filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		files = append(files, content)
		return err
	}))
	return files
}

// update gives the file with its marked values set, and whether they stood there before.
func (values setter) update(content []byte) ([]byte, bool) {
	if !bytes.Contains(content, []byte(token)) {
		return content, true
	}
	reader := kio.ByteReader{Reader: bytes.NewReader(content), PreserveSeqIndent: true}
	nodes, err := reader.Read()
	check(err)
	same := true
	for _, node := range nodes {
		same = !values.set(node.YNode()) && same
	}
	var written bytes.Buffer
	check(kio.ByteWriter{Writer: &written}.Write(nodes))
	return written.Bytes(), same
}

// set moves every marked scalar at or below a node.
func (values setter) set(node *yaml.Node) bool {
	changed := false
	if node.Kind == yaml.ScalarNode {
		if value, marked := values[marker(node.LineComment)]; marked && node.Value != value {
			node.Value, changed = value, true
		}
	}
	for _, child := range node.Content {
		changed = values.set(child) || changed
	}
	return changed
}

func marker(comment string) string {
	if !strings.Contains(comment, token) {
		return ""
	}
	var said map[string]string
	if json.Unmarshal([]byte(strings.TrimLeft(comment, "# ")), &said) != nil {
		return ""
	}
	return said["$imagepolicy"]
}

func spent() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return seconds(usage.Utime) + seconds(usage.Stime)
}

func seconds(time syscall.Timeval) float64 {
	return float64(time.Sec) + float64(time.Usec)/1e6
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
