// Holds the exported names and types of every entry of every package against packages/NAME/etc/ENTRY.api.md, so that no public name
// changes unseen. `npm run api` writes these files. The packages have to be built, because the
// declarations that users get are read.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = join(import.meta.dirname, '..');
const update = process.argv.includes('--update');
let wrong = 0;
let entries = 0;

/** @param {string} problem */
function tell(problem) {
  console.error(problem);
  wrong += 1;
}

for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join(root, 'packages', name);
  const configs = configsOf(folder);
  const [first, ...others] = configs;
  if (!first) throw new Error(`packages/${name}/package.json has no entry with types`);
  entries += configs.length;
  const missing = configs.filter((config) => !existsSync(config.mainEntryPointFilePath));
  if (missing.length > 0) {
    for (const { mainEntryPointFilePath } of missing) tell(`${relative(root, mainEntryPointFilePath)} is not built`);
    continue;
  }
  mkdirSync(first.reportFolder, { recursive: true });
  const compilerState = CompilerState.create(first, {
    additionalEntryPoints: others.map((config) => config.mainEntryPointFilePath),
  });
  for (const config of configs) check(config, compilerState);
  const known = new Set(configs.map((config) => config.reportFilePath));
  for (const file of readdirSync(first.reportFolder).map((entry) => join(first.reportFolder, entry))) {
    if (known.has(file)) continue;
    if (update) rmSync(file);
    else tell(`${relative(root, file)} belongs to no entry: run npm run api, which removes it`);
  }
}
console.log(`API: ${entries} entries, ${wrong} problems`);
process.exitCode = wrong > 0 ? 1 : 0;

/** @param {ExtractorConfig} config @param {CompilerState} compilerState */
function check(config, compilerState) {
  const result = Extractor.invoke(config, {
    localBuild: update,
    compilerState,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === 'error') tell(`${relative(root, config.mainEntryPointFilePath)}: ${message.text}`);
    },
  });
  if (update || !result.apiReportChanged) return;
  const file = relative(root, config.reportFilePath);
  tell(`${file} differs from what the entry exports: run npm run api, and commit the changed file`);
  const shown = existsSync(config.reportFilePath) ? config.reportFilePath : '/dev/null';
  spawnSync('git', ['diff', '--no-index', '--unified=1', shown, config.reportTempFilePath], { stdio: 'inherit' });
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
        reportFileName: entry,
        reportFolder: join(folder, 'etc'),
        reportTempFolder: join(root, '.build', 'api', relative(root, folder)),
      },
      messages: {
        compilerMessageReporting: { default: { logLevel: /** @type {never} */ ('error') } },
        extractorMessageReporting: { default: { logLevel: /** @type {never} */ ('none') } },
        tsdocMessageReporting: { default: { logLevel: /** @type {never} */ ('none') } },
      },
    },
  });
}
