// Compares the exported names and types of every entry of every package with packages/NAME/etc/ENTRY.api.md, so that no public name
// changes unseen. `npm run api` writes these files. The packages have to be built, because the declarations that users get are read.
// `node scripts/check-api.mjs [--update] [FOLDER]`: a root other than the clone's is for the test of this check.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { parseSync } from 'rolldown/utils';

const words = process.argv.slice(2);
const update = words.includes('--update');
const root = resolve(words.find((word) => word !== '--update') ?? join(import.meta.dirname, '..'));
let entries = 0;
let problems = 0;

for (const name of readdirSync(join(root, 'packages'))) {
  const kept = join(root, 'packages', name, 'etc');
  const reports = reportsOf(join(root, 'packages', name));
  entries += reports.length;
  mkdirSync(kept, { recursive: true });
  for (const report of reports) compare(join(kept, basename(report)), report);
  const known = new Set(reports.map((report) => basename(report)));
  for (const file of readdirSync(kept)) {
    if (known.has(file)) continue;
    if (update) rmSync(join(kept, file));
    else complain(`packages/${name}/etc/${file} belongs to no entry: run npm run api, which removes it`);
  }
}
console.log(`API: ${entries} entries, ${problems} problems`);
process.exitCode = problems > 0 ? 1 : 0;

/** @param {string} problem */
function complain(problem) {
  console.error(problem);
  problems += 1;
}

/** @param {string} kept the file in git @param {string} report the file that was made now */
function compare(kept, report) {
  const text = readFileSync(report, 'utf8');
  if (existsSync(kept) && readFileSync(kept, 'utf8') === text) return;
  if (update) {
    writeFileSync(kept, text);
    return;
  }
  complain(`${relative(root, kept)} differs from what the entry exports: run npm run api, and commit the changed file`);
  const before = existsSync(kept) ? kept : '/dev/null';
  spawnSync('git', ['diff', '--no-index', '--unified=1', before, report], { stdio: 'inherit' });
}

/**
 * Writes a report for each entry of a package.
 * @param {string} folder
 * @returns {string[]} the files
 */
function reportsOf(folder) {
  const configs = configsOf(folder);
  const [first, ...others] = configs;
  if (!first) throw new Error(`${folder}/package.json has no entry with types`);
  const compilerState = CompilerState.create(first, {
    additionalEntryPoints: others.map((config) => config.mainEntryPointFilePath),
  });
  mkdirSync(first.reportFolder, { recursive: true });
  return configs.map((config) => {
    Extractor.invoke(config, {
      localBuild: true,
      compilerState,
      messageCallback: (message) => {
        message.handled = true;
        if (message.logLevel === 'error') complain(`${config.mainEntryPointFilePath}: ${message.text}`);
      },
    });
    const report = config.reportFilePath;
    writeFileSync(report, withoutComments(readFileSync(report, 'utf8')));
    return report;
  });
}

/**
 * Returns a report without the comments in its declarations. They are no part of the API, and change more often.
 * @param {string} report
 */
function withoutComments(report) {
  return report.replace(/(?<=\n```ts\n).*(?=```\n)/s, (declarations) => {
    let rest = declarations;
    for (const { start, end } of parseSync('api.d.ts', declarations).comments.reverse()) {
      rest = rest.slice(0, start) + rest.slice(end);
    }
    return rest
      .trim()
      .replace(/^[ \t]+$/gm, '')
      .replace(/\n{3,}/g, '\n\n')
      .replace(/\n\n(?=[ '|])/g, '\n')
      .concat('\n');
  });
}

/**
 * Returns a configuration for each entry of a package.
 * @param {string} folder
 */
function configsOf(folder) {
  /** @type {{ exports: Record<string, { types?: string }> }} */
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.entries(exports).flatMap(([entry, { types }]) =>
    types ? [configOf(folder, entry === '.' ? 'index' : entry.slice('./'.length), join(folder, types))] : [],
  );
}

/** @param {string} folder @param {string} entry @param {string} declarations */
function configOf(folder, entry, declarations) {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
  };
  const made = join(root, '.build', 'api', basename(folder));
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: declarations,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions, files: [declarations] } },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName: entry,
        reportFolder: made,
        reportTempFolder: join(made, 'temp'),
      },
      messages: {
        compilerMessageReporting: { default: { logLevel: /** @type {never} */ ('error') } },
        extractorMessageReporting: { default: { logLevel: /** @type {never} */ ('none') } },
        tsdocMessageReporting: { default: { logLevel: /** @type {never} */ ('none') } },
      },
    },
  });
}
