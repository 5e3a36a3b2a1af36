// Compiles programs with one compiler and prints what is wrong with them: `node compile-programs.mjs COMPILER PROJECTS`, the folder of a
// `typescript` package, and a JSON list of projects, each files and options. All projects in one process, so that TypeScript's own
// libraries are read once; TypeScript 7, which has no JavaScript API, is started for each.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** @typedef {{ readonly what: string, readonly files: string[], readonly options: Record<string, unknown> }} Project */

const [compiler = '', given = ''] = process.argv.slice(2);
/** @type {Project[]} */
const projects = JSON.parse(given);
const require = createRequire(import.meta.url);
/** @type {{ version: string }} */
const { version } = require(join(compiler, 'package.json'));

/** @param {Project} project @param {string} problems */
function report({ what }, problems) {
  if (problems === '') return;
  console.log(`TypeScript ${version}, ${what}:\n${problems}`);
  process.exitCode = 1;
}

function inOneProcess() {
  const ts = require(compiler);
  const files = new Map();
  for (const project of projects) {
    const { options, errors } = ts.convertCompilerOptionsFromJson(project.options, process.cwd());
    const host = ts.createCompilerHost(options);
    const read = host.getSourceFile;
    host.getSourceFile = (/** @type {string} */ name, /** @type {unknown} */ how, /** @type {unknown[]} */ ...rest) => {
      if (!name.startsWith(host.getDefaultLibLocation())) return read(name, how, ...rest);
      if (!files.has(name)) files.set(name, read(name, how, ...rest));
      return files.get(name);
    };
    const program = ts.createProgram(project.files, options, host);
    const { diagnostics } = program.emit();
    const found = [...errors, ...ts.getPreEmitDiagnostics(program), ...diagnostics];
    report(project, ts.formatDiagnostics(found, host));
  }
}

/** @param {string} folder */
function oneByOne(folder) {
  for (const project of projects) {
    const config = join(folder, 'tsconfig.json');
    writeFileSync(config, JSON.stringify({ compilerOptions: project.options, files: project.files }));
    try {
      execFileSync(process.execPath, [join(compiler, 'bin', 'tsc'), '-p', config], { encoding: 'utf8' });
    } catch (error) {
      report(project, /** @type {{ stdout?: string }} */ (error).stdout ?? String(error));
    }
  }
}

if (Number.parseInt(version, 10) < 7) inOneProcess();
else {
  const folder = mkdtempSync(join(process.cwd(), 'projects-'));
  try {
    oneByOne(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
