// Probot answering webhooks without storing anything. Usage: node peer.mjs FOLDER_OF_PROBOT PORT SECRET PRIVATE_KEY_FILE
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, port, secret, key] = process.argv.slice(2);
const { Probot, Server } = await import(pathToFileURL(join(folder, "node_modules/probot/lib/index.js")));

const server = new Server({
  Probot: Probot.defaults({ appId: 1, privateKey: readFileSync(key, "utf8"), secret, logLevel: "warn" }),
  port: Number(port),
  host: "127.0.0.1",
});
await server.load((app) => {
  app.on("registry_package", () => {});
});
await server.start();
