// Second half of `npm start`: Node-RED with this package in its palette and the example as its flows.
//   TELECONTROL_EDITOR_PORT   port of the editor, 1880
//   TELECONTROL_USER_DIR      user directory of Node-RED, .run in this repository
//   TELECONTROL_FLOWS         flows that a new user directory begins with, the example
//   TELECONTROL_NODE_RED      folder of another node-red package
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const env = process.env;
const host = '127.0.0.1';
const userDir = resolve(env.TELECONTROL_USER_DIR || join(root, '.run'));
const flowFile = join(userDir, 'flows.json');
const example = resolve(env.TELECONTROL_FLOWS || join(root, 'examples', 'This computer as a substation.json'));
const nodeRed = resolve(env.TELECONTROL_NODE_RED || join(root, 'node_modules', 'node-red'));

const coloured = process.stdout.isTTY && !env.NO_COLOR;
const paint = (code) => (text) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);
const [bold, red, yellow, grey] = [1, 31, 33, 90].map(paint);

/** Ends a start that cannot succeed. @returns never */
function giveUp(...lines) {
  console.error(red(lines[0]));
  for (const line of lines.slice(1)) console.error(line);
  process.exit(1);
}

function editorPort() {
  const given = env.TELECONTROL_EDITOR_PORT || '1880';
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65535) giveUp(`TELECONTROL_EDITOR_PORT is a port, 1 to 65535, not "${given}"`);
  return port;
}

/** A link to `path`, unless a real folder stands there: then the user has installed a version through the editor. */
function link(path, target) {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isSymbolicLink()) return;
  if (there !== undefined && existsSync(path) && realpathSync(path) === realpathSync(target)) return;
  rmSync(path, { force: true });
  // Of the links that Windows knows, everybody may make a junction.
  symlinkSync(target, path, 'junction');
}

/** The user directory as `npm install` of this package would leave it, and the example as its flows. */
function prepareUserDir() {
  const path = join(userDir, 'node_modules', manifest.name);
  mkdirSync(dirname(path), { recursive: true });
  link(path, root);
  const own = join(userDir, 'package.json');
  if (!existsSync(own)) {
    const dependencies = { [manifest.name]: `file:${relative(userDir, root).split(sep).join('/')}` };
    writeFileSync(own, `${JSON.stringify({ name: 'telecontrol-start', private: true, dependencies }, null, 2)}\n`);
  }
  if (!existsSync(flowFile)) copyFileSync(example, flowFile);
}

/** What Node-RED says while it starts; shown only when that fails. */
const chatter = [];
let started = false;

/** Lines that have told whether they listen, by their id. */
const told = new Map();
let lineTold = () => {};

/** A line of the log: problems are shown, the rest only explains a failed start. */
function log({ level, msg, type, name, id }) {
  if (type === 'tcp-line' && !told.has(id)) {
    told.set(id, level > 30);
    lineTold();
  }
  const source = type === undefined ? '' : `${type} ${name || id}: `;
  const text = `${source}${typeof msg === 'object' ? (msg?.message ?? JSON.stringify(msg)) : msg}`;
  if (level <= 20) console.error(red(text));
  else if (level <= 30 && (started || type !== undefined)) console.error(yellow(text));
  else if (!started) chatter.push(text);
}

/** Listens before Node-RED starts: with a port in use no flow is to open its lines. */
function listen(server, port) {
  return new Promise((done) => {
    server.once('error', (error) => {
      if (error.code !== 'EADDRINUSE') giveUp(`The editor cannot listen at ${host}:${port}: ${error.message}`);
      giveUp(
        `Port ${port} at ${host} is in use: by another Node-RED, perhaps an earlier npm start.`,
        `Stop that one, or give the editor another port: TELECONTROL_EDITOR_PORT=${port + 1} npm start`,
      );
    });
    server.listen(port, host, () => done(server.address().port));
  });
}

/** Where the stations of the flows are served, as they stand in the file. */
function stations() {
  const nodes = JSON.parse(readFileSync(flowFile, 'utf8'));
  return nodes
    .filter(({ type, d }) => type === 'iec104-server-station' && !d)
    .flatMap(({ name, line, address }) => {
      const found = nodes.find(({ id, d }) => id === line && !d);
      return found === undefined ? [] : [{ name, address, line, host: found.host, port: found.port, kom: found.kom }];
    });
}

/** Whether the flows have the page of the example's control centre. */
function hasPage() {
  const nodes = JSON.parse(readFileSync(flowFile, 'utf8'));
  return nodes.some(({ type, url, d }) => type === 'http in' && url === '/control-centre' && !d);
}

/** Until the lines listen or have said why not, which takes them no second. */
function linesOpen(ids) {
  return new Promise((done) => {
    const patience = setTimeout(() => done(false), 3000);
    lineTold = () => {
      if (!ids.every((id) => told.has(id))) return;
      clearTimeout(patience);
      done(true);
    };
    lineTold();
  });
}

function banner(port, served) {
  const rows = [
    ['Editor', bold(`http://${host}:${port}`)],
    ...served.map(({ name, address, line, host, port, kom }) => [
      name || 'Station',
      told.get(line) === false
        ? red('not served, see above')
        : `${bold(`${host}:${port}`)}, common address ${bold(address)}, IEC 60870-5-104${kom ? ', while this instance is active' : ''}`,
    ]),
    ...(hasPage() ? [['Values', bold(`http://${host}:${port}/control-centre`)]] : []),
    ['Control centre', `${bold('npm run master')} in a second terminal, or your own`],
    ['Stop', 'Ctrl-C'],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, text]) => `  ${grey(label.padEnd(width))}  ${text}`);
  console.log(`\n${lines.join('\n')}\n`);
}

async function main() {
  const wanted = editorPort();
  if (!existsSync(join(nodeRed, 'package.json'))) giveUp(`There is no node-red in ${nodeRed}: run npm start`);
  const load = createRequire(join(nodeRed, 'package.json'));
  const RED = load('./lib/red.js');
  const app = load('express')();
  app.use((_request, response, next) => (started ? next() : response.status(503).send('Node-RED is starting')));
  const server = createServer(app);
  server.setMaxListeners(0);
  const port = await listen(server, wanted);
  prepareUserDir();

  let stopping = false;
  const stop = async () => {
    // Who asks twice does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    await RED.stop();
    console.log('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  // A signal that reaches npm alone ends npm and its shell, but not what the shell has started.
  const shell = process.ppid;
  if (env.npm_lifecycle_event) setInterval(() => process.ppid === shell || stopping || stop(), 500).unref();
  process.on('uncaughtException', (error) => giveUp('Node-RED has failed:', error.stack ?? String(error)));

  RED.init(server, {
    uiHost: host,
    uiPort: port,
    userDir,
    flowFile: 'flows.json',
    flowFilePretty: true,
    httpAdminRoot: '/',
    httpNodeRoot: '/',
    functionExternalModules: true,
    telemetry: { enabled: false, updateNotification: false },
    // Neither a welcome tour over the flow nor projects, which ask for git.
    editorTheme: { tours: false, projects: { enabled: false } },
    logging: { terminal: { level: 'info', handler: () => log } },
  });
  app.use('/', RED.httpAdmin);
  app.use('/', RED.httpNode);
  const flowsStarted = new Promise((done) => {
    RED.events.once('flows:started', () => done(undefined));
    // Flows that miss nodes or modules wait for them; the editor tells more.
    RED.events.on('runtime-event', ({ id, payload }) => {
      if (id === 'runtime-state' && payload?.error) done(payload);
    });
  });
  await RED.start();
  const held = await flowsStarted;
  const served = stations();
  if (held === undefined) await linesOpen(served.map(({ line }) => line));
  started = true;
  if (held !== undefined) {
    const missing = held.types ?? held.modules?.map(({ module }) => module) ?? [];
    console.error(yellow(`The flows have not started, ${held.error}: ${missing.join(', ')}`));
  }
  banner(port, served);
}

main().catch((error) => giveUp('Node-RED could not start:', ...chatter, error.stack ?? String(error)));
