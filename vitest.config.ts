import { defineConfig } from 'vitest/config';

// Each kind of test is a project of its own. The end of a file's name says its kind:
//   *.test.ts          unit: JavaScript alone, and no network but loopback
//   *.property.test.ts fast-check
//   *.interop.test.ts  a real Python at the other end
//   *.docker.test.ts   a real Docker Engine
const conditions = ['@bridge/source', 'node', 'import', 'default'];
const kinds = ['property', 'interop', 'docker'] as const;
const filesOf = (suffix: string): string[] => [
  `packages/*/test/**/*${suffix}.test.ts`,
  `examples/*/test/**/*${suffix}.test.ts`,
  `scripts/test/**/*${suffix}.test.ts`,
];

const globalSetups: Partial<Record<string, string[]>> = { docker: ['examples/demo/test/engine.ts'] };

const project = (name: string, include: string[], exclude: string[] = [], globalSetup: string[] = []) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name,
    include,
    globalSetup,
    exclude: ['**/node_modules/**', ...exclude],
    // Limits that end a hung run. They are far beyond what a busy machine needs, so that no test depends on its speed.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { interval: 10, timeout: 120_000 } },
  },
});

export default defineConfig({
  test: {
    projects: [
      project(
        'unit',
        filesOf(''),
        kinds.flatMap((kind) => filesOf(`.${kind}`)),
      ),
      ...kinds.map((kind) => project(kind, filesOf(`.${kind}`), [], globalSetups[kind])),
    ],
  },
});
