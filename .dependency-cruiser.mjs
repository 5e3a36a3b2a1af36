// The imports that are allowed: the table of ARCHITECTURE.md, section "Who may import whom". scripts/check-imports.mjs compares the sources
// of the packages with it. Paths are those of files and folders below a package's src.

/**
 * @typedef {{ ours: readonly string[], others: Readonly<Record<string, string>>, node: readonly string[], bare?: readonly string[] }} Row
 * `ours`: the packages of this repository that the package may import. `others`: the other packages that it may import, each with the
 * only place that may do so (the empty text is everywhere). `node`: the places that may import from Node.js. `bare`: files that import
 * neither a package nor Node.js, not even by way of other files
 */

/** @type {Readonly<Record<string, Row>>} */
export const PACKAGES = {
  npy: {
    ours: [],
    others: { ndarray: '', 'ndarray-ops': '' },
    node: ['node/'],
    bare: ['core.ts', 'numeric.ts', 'views.ts', 'pickle/index.ts', 'npz/index.ts'],
  },
  transport: {
    ours: [],
    // A client library only in the folder of its own carrier: `amqplib: 'carriers/amqp/'`.
    others: {},
    node: ['carriers/', 'machine/', 'stream/'],
  },
  bridge: {
    ours: ['npy', 'transport'],
    others: { '@opentelemetry/api': 'observe/otel.ts', dockerode: 'launch/docker/' },
    node: ['cli/', 'lane/', 'launch/'],
  },
};

/**
 * Folders of sources that import each other. Imports between all other folders run one way. The list only gets shorter.
 * @type {readonly string[]}
 */
const MUTUAL_FOLDERS = ['npy/src/pickle/', 'bridge/src/launch/docker/(container|exec)$'];

/** @param {string} name */
const sourcesOf = (name) => `^packages/${name}/src/`;

/** @param {string} name */
const installed = (name) => `node_modules/(@types/)?${name}/`;

/** @param {string} name @param {object} from @param {object} to */
const forbid = (name, from, to) => ({ name, severity: /** @type {const} */ ('error'), from, to });

const forbidden = [
  forbid('a circle', {}, { circular: true }),
  {
    ...forbid(
      'folders that import each other',
      { pathNot: MUTUAL_FOLDERS.map((folder) => `^packages/${folder}`) },
      { circular: true },
    ),
    scope: /** @type {const} */ ('folder'),
  },
  forbid('an import that leads nowhere', {}, { couldNotResolve: true }),
  forbid('an index', {}, { path: '/index\\.ts$', dependencyTypes: ['local'] }),
  forbid(
    'another carrier',
    { path: `${sourcesOf('transport')}carriers/([^/.]+)` },
    { path: `${sourcesOf('transport')}carriers/`, pathNot: 'carriers/$1[/.]' },
  ),
  ...Object.entries(PACKAGES).flatMap(([name, { ours, others, node, bare = [] }]) => {
    const own = sourcesOf(name);
    const at = (/** @type {readonly string[]} */ places) => places.map((place) => own + place);
    return [
      forbid(
        `${name}: a package of ours`,
        { path: own },
        { path: '^packages/', pathNot: [name, ...ours].map(sourcesOf) },
      ),
      forbid(
        `${name}: a file outside of the package`,
        { path: own },
        { path: '.', pathNot: own, dependencyTypes: ['local'] },
      ),
      forbid(
        `${name}: a package that is not in its row`,
        { path: own },
        { path: 'node_modules/', pathNot: Object.keys(others).map(installed) },
      ),
      forbid(`${name}: Node.js`, { path: own, pathNot: at(node) }, { dependencyTypes: ['core'] }),
      ...Object.entries(others)
        .filter(([, place]) => place !== '')
        .map(([other, place]) =>
          forbid(
            `${name}: ${other} outside of ${place}`,
            { path: own, pathNot: at([place]) },
            { path: installed(other) },
          ),
        ),
      ...bare.map((file) =>
        forbid(
          `${name}: reached from ${file}`,
          { path: `${own}${file}$` },
          { path: ['node_modules/', ...at(node)], reachable: true },
        ),
      ),
    ];
  }),
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden,
  options: {
    // Imports of types count as well.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@bridge/source', 'types', 'import', 'node', 'default'],
    },
  },
};
