"""messageTemplate: what is said in the words of this project, and what is not."""

import pytest


def commit(template, **values):
    return {
        "checkout": {"ref": {"branch": "main"}},
        "commit": {"messageTemplate": template, "messageTemplateValues": values},
    }


LONG = """\
Automated image update

Automation name: {{ .AutomationObject }}

Files:
{{ range $filename, $_ := .Changed.FileChanges -}}
- {{ $filename }}
{{ end -}}

Objects:
{{ range $resource, $changes := .Changed.Objects -}}
- {{ $resource.Kind }} {{ $resource.Name }}
  Changes:
{{- range $_, $change := $changes }}
    - {{ $change.OldValue }} -> {{ $change.NewValue }}
{{ end -}}
{{ end -}}
"""

TRANSLATED = [
    ("Automated image update", "Automated image update"),
    ("two\nlines\n", "two\nlines\n"),
    ("By {{ .AutomationObject }}", "By apps/all"),
    ("By {{.AutomationObject.Namespace}} {{ $.AutomationObject.Name }}", "By apps all"),
    ("[{{ .Values.cluster }}] update", "[prod] update"),
    ('{{ index .Values "cluster" }}', "prod"),
    ('{{ println .Values.cluster }}{{ print .Values.empty }}{{ "quoted" }}{{ `raw }}` }}', "prod\nquotedraw }}"),
    ('{{/* a comment with }} " and ` */}}text{{- /* x */ -}}  more', "textmore"),
    ("a  {{- .Values.cluster -}}  b", "aprodb"),
    ("{ {} {name} {{ `{{` }} }}", "{ {} {name} {{ }}"),
    ("{{range .Updated.Images}}{{println .}}{{end}}", "{changes}\n"),
    ("{{ range .Changed.Changes }}{{ .OldValue }} {{ end }}", "{changes}"),
    ("{{ range $i, $change := .Changed.Changes }}\n- {{ $change.NewValue }}{{ end }}", "\n{changes}"),
    ("{{ range $_, $ := $.Changed.Changes }}x{{ else }}nothing{{ end }}", "{changes}"),
    ("{{ range .Changed.ImageResult.Files }}{{ . }}{{ end }}", "{files}"),
    (LONG, "Automated image update\n\nAutomation name: apps/all\n\nFiles:\n{files}\nObjects:\n{objects}\n"),
]


@pytest.mark.parametrize(("template", "message"), TRANSLATED)
def test_a_template_is_said_with_our_placeholders(flux, template, message):
    file = flux.load(flux.repository(), flux.policy(), flux.automation(git=commit(template, cluster="prod", empty="")))

    assert file.images[0].pull_request.commit_message == message
    assert file.problems == ()


NOT_TRANSLATED = [
    ("{{ len .Changed.Changes }}", "'{{ len .Changed.Changes }}'"),
    ("{{ if .Changed.Changes }}x{{ end }}", "'{{ if .Changed.Changes }}'"),
    ("{{ with .Values }}x{{ end }}", "'{{ with .Values }}'"),
    ("{{ .Values.unknown }}", "'{{ .Values.unknown }}'"),
    ("{{ .Values.cluster | upper }}", "'{{ .Values.cluster | upper }}'"),
    ("{{ .Changed.Changes }}", "'{{ .Changed.Changes }}'"),
    ("{{ range .Values }}x{{ end }}", "'{{ range .Values }}'"),
    ("{{ range .Changed.Changes }}x", "'{{ range .Changed.Changes }}'"),
    ("{{ end }}", "'{{ end }}'"),
    ("{{}}", "'{{}}'"),
    ("{{ .Values.empty }}", "''"),
    ("{{ .Values.long }}" * 20, "'xxx"),
    ('{{ template "x" }}', "'{{ template"),
    ("{{ $x := 1 }}", "'{{ $x := 1 }}'"),
    ("{{ print print print 1 }}", "'{{ print print print 1 }}'"),
    ("{{ now", "'{{ now'"),
    ('{{ "open }}', "'{{ \"open }}'"),
    ("{{/* open }}", "'{{/* open }}'"),
    ("literally {from}", "'{from}'"),
    ("{{ .Values.brace }}changes}{{ range .Changed.Changes }}{{ end }}", "'{changes}'"),
    ("a\bb", r"'\x08'"),
    ("x" * 10_001, "'xxx"),
]


@pytest.mark.parametrize(("template", "part"), NOT_TRANSLATED)
def test_what_cannot_be_said_gives_the_usual_message_and_is_told(flux, template, part):
    automation = flux.automation(git=commit(template, cluster="prod", brace="{", empty="", long="x" * 600))

    file = flux.load(flux.repository(), flux.policy(), automation)

    (problem,) = file.problems
    assert file.images[0].pull_request.commit_message is None
    assert problem.key == "messageTemplate"
    assert part in problem.message


@pytest.mark.parametrize("template", [None, "", "  \n"])
def test_without_a_template_the_message_is_the_usual_one(flux, template):
    file = flux.load(flux.repository(), flux.policy(), flux.automation(git=commit(template)))

    assert file.images[0].pull_request.commit_message is None
    assert file.problems == ()
