/** The documents say what the code does: tables, names, links and samples are held against it, in both directions. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { z } from 'zod';
import { NOT_READY_REASONS } from '../../acd/core/model';
import { calendarBodySchema } from '../../api/contract/calendars';
import { queueBodySchema } from '../../api/contract/queues';
import { commandSchema, serverMessageSchema } from '../../api/contract/socket';
import { HTTP_STATUS } from '../../api/http/status';
import { ERROR_CODES } from '../../base/errors';
import { flowSchema, parseFlow, stepSchema } from '../../flows/document';
import { ROOMS } from '../../infra/lint/rooms.mjs';
import { OVERRIDES, fileSchema, parseConfig } from '../../main/config';
import type { Config } from '../../main/config';
import { routeSchema, trunkSchema } from '../../main/config/trunks';
import { SAMPLE_FLOW } from '../../main/sample-center';
import { statusOfCode } from '../../signaling/status-codes';

const ROOT = resolve(__dirname, '../..');

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const documentsIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));

const DOCUMENTS = [...documentsIn('.'), ...documentsIn('docs'), 'infra/README.md'];

const allMatches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();
const withoutBlocks = (text: string): string => text.replace(/```[\s\S]*?```/g, '');
/** The words that stand between backticks. */
const quoted = (text: string): string[] => allMatches(withoutBlocks(text), /`([^`\n]+)`/g);

/** The rows of all tables, as trimmed cells, without heads and rules. */
const tableRows = (text: string): string[][] => {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const cells = lines.map((line) => line.split('|').slice(1, -1));
  return cells.map((row) => row.map((cell) => cell.trim())).filter((row) => /^`|^–$/.test(row[0] ?? ''));
};

/** What stands below a heading, down to the next one of that level or above. */
const section = (text: string, heading: string): string => {
  const level = /^#+/.exec(heading)?.[0].length ?? 0;
  const from = text.indexOf(`\n${heading}\n`);
  if (from < 0) throw new Error(`there is no heading "${heading}"`);
  const rest = text.slice(from + heading.length + 2);
  const end = new RegExp(`^#{1,${level}} `, 'm').exec(rest)?.index;
  return rest.slice(0, end);
};

const configOf = (text: string, env: Record<string, string> = {}): Config => {
  const parsed = parseConfig({ path: 'switchroom.config.yaml', text, env });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

/** zod's own account of a schema, of which only these parts matter here. */
interface SchemaParts {
  readonly def: { readonly innerType?: SchemaParts; readonly element?: SchemaParts };
  readonly shape?: Readonly<Record<string, SchemaParts>>;
}

/** Lists whose entries have tables of their own, in docs/trunks.md. */
const IN_THEIR_OWN_DOCUMENT = ['trunks', 'routes'];

/** Every key as it is written in the documents: `mongodb.uri`, `trunks[].id`. */
const keysOf = (schema: SchemaParts, path = ''): string[] => {
  if (IN_THEIR_OWN_DOCUMENT.includes(path)) return [path];
  if (schema.shape) {
    return Object.entries(schema.shape).flatMap(([key, value]) => keysOf(value, path === '' ? key : `${path}.${key}`));
  }
  if (schema.def.element?.shape) return keysOf(schema.def.element, `${path}[]`);
  return schema.def.innerType ? keysOf(schema.def.innerType, path) : [path];
};

/** One entry of each list, with nothing but what it must have. */
const ENTRIES = [
  'edge: { requestHandlers: [{ url: "http://a" }] }',
  'media: { hosts: [{ name: a, address: b }], tls: { certificate: c, key: d, ca: e } }',
].join('\n');
const GIVEN = [
  ...IN_THEIR_OWN_DOCUMENT,
  'edge.requestHandlers[].url',
  'media.hosts[].name',
  'media.hosts[].address',
  'media.tls.certificate',
  'media.tls.key',
  'media.tls.ca',
];

/** The default of a key as the documents write it; undefined where there is none. */
const defaultOf = (key: string): string | undefined => {
  if (GIVEN.includes(key)) return undefined;
  const value = key.split('.').reduce<unknown>((within, part) => {
    const inside = (within as Record<string, unknown>)[part.replace('[]', '')];
    return part.endsWith('[]') ? (inside as unknown[])[0] : inside;
  }, configOf(ENTRIES));
  if (value === undefined) return undefined;
  if (key === 'home') return './data';
  if (key === 'rtpPorts') return Object.values(value as object).join('-');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

describe.each(['README.md', 'README.zh-CN.md'])('the configuration table of %s', (file) => {
  const rows = tableRows(read(file)).filter((row) => row.length === 4);
  const keys = keysOf(fileSchema as unknown as SchemaParts);

  it('has every key of the file, and no other', () => {
    expect(sorted(rows.flatMap((row) => quoted(row[0] ?? '')))).toEqual(sorted(keys));
  });

  it('has every environment variable that the configuration reads, and no other', () => {
    const beside = allMatches(read('main/config.ts'), /\benv\.([A-Z_]+)/g);
    const variables = rows.flatMap((row) => quoted(row[1] ?? ''));
    expect(sorted(variables)).toEqual(sorted([...Object.keys(OVERRIDES), ...beside]));
  });

  it('sets each variable beside the key that it overrides', () => {
    const overridden = rows.filter((row) => row[0] !== '–' && row[1] !== '–');
    const pairs = overridden.map((row) => [quoted(row[1] ?? '')[0], quoted(row[0] ?? '')[0]]);
    expect(Object.fromEntries(pairs)).toEqual(
      Object.fromEntries(Object.entries(OVERRIDES).map(([name, path]) => [name, path.join('.')])),
    );
  });

  it('gives the defaults that are used', () => {
    const shown = rows.filter((row) => row[0] !== '–').map((row) => [quoted(row[0] ?? '')[0], quoted(row[2] ?? '')[0]]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(keys.map((key) => [key, defaultOf(key)])));
  });
});

describe('switchroom.config.yaml', () => {
  const text = read('switchroom.config.yaml');

  it('is the configuration that an empty file gives', () => {
    expect(configOf(text)).toEqual(configOf(''));
  });

  it('shows every key, at least in a comment', () => {
    const words = keysOf(fileSchema as unknown as SchemaParts).map((key) => key.split('.').at(-1) ?? '');
    expect(words.filter((word) => !new RegExp(`^[ #-]*${word}:`, 'm').test(text))).toEqual([]);
  });

  it('is still a configuration with its examples taken out of their comments', () => {
    const uncommented = text
      .replace(/^( *)# ((?:- |  )?[a-zA-Z]+:(?: .*)?)$/gm, '$1$2')
      .replace(/^mongodb: \{\}\n# {2}/m, 'mongodb:\n  ')
      .replace(/^#( {2}uri: .*)$/m, '$1')
      .replace('mongodb: {}', 'mongodb:')
      .replace('requestHandlers: []', 'requestHandlers:');
    const config = configOf(uncommented, { BIND_ADDRESS: '0.0.0.0' });
    expect(config.trunks.map(({ id, proxy }) => [id, proxy])).toEqual([
      ['local', undefined],
      ['carrier', 'sip.carrier.example'],
    ]);
    expect(config).toMatchObject({ webRtcPort: 10_000, mongodb: { uri: 'mongodb://127.0.0.1:27017' } });
    expect(config.drachtio).toMatchObject({ host: '127.0.0.1', secret: 'choose-one' });
    expect(config.edge.requestHandlers).toMatchObject([{ method: 'INVITE', httpMethod: 'GET' }]);
  });
});

describe('the container and service files', () => {
  const variables = [...Object.keys(OVERRIDES), ...allMatches(read('main/config.ts'), /\benv\.([A-Z_]+)/g), 'NODE_ENV'];

  it('set only variables that the product reads', () => {
    const compose = read('infra/compose.yaml');
    const product = compose.slice(compose.indexOf('\n  switchroom:'), compose.indexOf('\n  drachtio:'));
    const dockerfile = read('infra/Dockerfile');
    const image = dockerfile.slice(dockerfile.lastIndexOf('\nENV '), dockerfile.lastIndexOf('\nRUN '));
    const service = allMatches(read('infra/systemd/switchroom.service'), /^Environment=(.*)$/gm).join(' ');
    const used = [
      ...allMatches(product, /^ {6}([A-Z_]+):/gm),
      ...allMatches(image, /\b([A-Z_]+)=/g),
      ...allMatches(service, /\b([A-Z_]+)=/g),
    ];
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter((name) => !variables.includes(name))).toEqual([]);
  });

  it('agree on where drachtio-server takes SIP over WebSocket', () => {
    const { webSocketPort } = configOf('').drachtio;
    expect(read('infra/compose.yaml')).toContain(`sip:127.0.0.1:${webSocketPort};transport=ws`);
  });
});

it('docs/errors.md has every error code with its statuses, and no other', () => {
  const rows = tableRows(read('docs/errors.md')).map((row) => [quoted(row[0] ?? '')[0], row[3], row[4]]);
  const expected = ERROR_CODES.map((code) => [code, String(HTTP_STATUS[code]), String(statusOfCode(code))]);
  expect(rows).toEqual(expected);
});

it('the table of docs/design.md permits the imports that lint permits', () => {
  const rows = tableRows(section(read('docs/design.md'), '## Rooms'));
  const table = rows.map((row) => [quoted(row[0] ?? '')[0], sorted(quoted(row[2] ?? ''))] as const);
  expect(Object.fromEntries(table)).toEqual(
    Object.fromEntries(Object.entries(ROOMS).map(([room, imports]) => [room, sorted(imports)])),
  );
});

describe('docs/trunks.md', () => {
  const text = read('docs/trunks.md');
  const shown = (heading: string): Record<string, string | undefined> =>
    Object.fromEntries(
      tableRows(section(text, heading)).map((row) => [quoted(row[0] ?? '')[0] ?? '', quoted(row[1] ?? '')[0]]),
    );
  const defaultsIn = (entry: unknown, keys: readonly string[]): Record<string, string | undefined> =>
    Object.fromEntries(
      keys.map((key) => {
        const parts = key.split('.');
        const value = parts.reduce<unknown>(
          (within, part) => (within as Record<string, unknown> | undefined)?.[part],
          entry,
        );
        return [key, value === undefined || GIVEN_IN_ENTRIES.includes(key) ? undefined : plain(value)];
      }),
    );
  const GIVEN_IN_ENTRIES = ['id', 'name', 'trunks'];
  const plain = (value: unknown): string => (Array.isArray(value) ? JSON.stringify(value) : String(value));
  const config = configOf('trunks: [{id: a, name: A}]\nroutes: [{id: r, name: R, trunks: [{trunkId: a}]}]');
  const flat = (schema: unknown): string[] =>
    sorted(keysOf(schema as SchemaParts).map((key) => key.replace(/\[\].*/, '')));

  it('has every key of a trunk with its default, and no other', () => {
    expect(shown('## Trunks')).toEqual(defaultsIn(config.trunks[0], flat(trunkSchema)));
  });

  it('has every key of a route with its default, and no other', () => {
    expect(shown('## Outbound routes')).toEqual(defaultsIn(config.routes[0], flat(routeSchema)));
  });
});

describe('docs/flows.md', () => {
  const text = read('docs/flows.md');
  const steps = section(text, '## Steps');
  const schemas = stepSchema.options.map((option) => [option.shape.do.value, option.shape] as const);

  it('has every kind of step, and no other', () => {
    expect(sorted(allMatches(steps, /^### `(.+)`$/gm))).toEqual(sorted(schemas.map(([kind]) => kind)));
  });

  it.each(schemas)('has every property of %s with its default, and no other', (kind, shape) => {
    const rows = tableRows(section(steps, `### \`${kind}\``));
    const shown = rows.map((row) => [quoted(row[0] ?? '')[0], quoted(row[2] ?? '')[0] ?? row[2]]);
    const expected = Object.entries(shape as Record<string, z.ZodType>)
      .filter(([property]) => property !== 'do')
      .map(([property, schema]) => {
        const byDefault = schema.safeParse(undefined);
        const value = byDefault.success ? (byDefault.data ?? '–') : 'required';
        return [property, typeof value === 'object' ? JSON.stringify(value) : String(value)];
      });
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(expected));
  });

  it('has every property of the document, and no other', () => {
    const rows = tableRows(section(text, '## The document'));
    expect(sorted(rows.flatMap((row) => quoted(row[0] ?? '')))).toEqual(sorted(Object.keys(flowSchema.shape)));
  });

  it('shows the sample flow as it is', () => {
    const [json = ''] = allMatches(text, /```json\n([\s\S]*?)```/g);
    const queues = new Set(['support', 'sales']);
    expect(parseFlow(JSON.parse(json), queues)).toEqual(parseFlow(SAMPLE_FLOW, queues));
    expect(parseFlow(SAMPLE_FLOW, queues).ok).toBe(true);
  });
});

describe('docs/acd.md', () => {
  const text = read('docs/acd.md');
  const model = read('acd/core/events.ts');
  const firstColumn = (heading: string): string[] =>
    sorted(tableRows(section(text, heading)).flatMap((row) => quoted(row[0] ?? '')));
  const part = (from: string, to: string): string => model.slice(model.indexOf(from), model.indexOf(to));
  const typesIn = (source: string): string[] =>
    sorted(
      allMatches(source, /readonly type: ((?:'[a-z-]+'(?: \| )?)+)/g).flatMap((types) =>
        allMatches(types, /'([a-z-]+)'/g),
      ),
    );

  it('has every event and every effect, and no other', () => {
    const [events, effects] = [part('type AgentEvent', 'type AcdEffect'), model.slice(model.indexOf('type AcdEffect'))];
    expect(firstColumn('## Events')).toEqual(typesIn(events));
    expect(firstColumn('## Effects')).toEqual(typesIn(effects));
  });

  it('has every status of an agent with the moves that are legal', () => {
    const moves = allMatches(read('acd/core/agents.ts'), /^ {2}('?[a-z-]+'?: \['.*\]),$/gm);
    const legal = moves.map((line) => {
      const [from = '', to = ''] = line.split(': ');
      const status = from.replaceAll("'", '');
      return [status, sorted(allMatches(to, /'([a-z-]+)'/g)).filter((other) => other !== status)] as const;
    });
    expect(legal).toHaveLength(6);
    const shown = tableRows(section(text, '### Agents')).map((row) => [
      quoted(row[0] ?? '')[0],
      sorted(quoted(row[1] ?? '')),
    ]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(legal));
  });

  it('shows a queue and a calendar that can be set as they stand', () => {
    const [queue, calendar] = allMatches(text, /```json\n([\s\S]*?)```/g).map((json) => JSON.parse(json) as object);
    expect(queueBodySchema.parse(queue)).toMatchObject(queue ?? {});
    expect(calendarBodySchema.parse(calendar)).toMatchObject(calendar ?? {});
  });

  it('has every reason for not being ready', () => {
    expect(NOT_READY_REASONS.filter((reason) => !quoted(text).includes(reason))).toEqual([]);
  });
});

describe('docs/calls.md', () => {
  const text = read('docs/calls.md');
  const sources = readdirSync(join(ROOT, 'calls'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(join('calls', name)));

  it('has every reason that an outcome can have', () => {
    const code = [...sources, read('main/interrupted-calls.ts')].join('\n');
    const reversed = allMatches(code, /reason: '([a-z-]+)', party: '[a-z]+'/g);
    const ended = allMatches(code, /party(?:: '[a-z]+')?, reason: '([a-z-]+)'/g);
    const lost = allMatches(section(read('docs/closures.md'), '## An endpoint ends'), /^\| `([a-z-]+)` \|/gm);
    // A dialog that we end ourselves is not reported to the call.
    const reasons = [...reversed, ...ended].filter((reason) => reason !== 'released');
    expect(reasons.length).toBeGreaterThan(10);
    const ofLost = lost.map((reason) => (reason.startsWith('media-') ? reason : `media-${reason}`));
    const wanted = sorted([...reasons, ...ofLost]);
    expect(wanted.filter((reason) => !quoted(text).includes(reason))).toEqual([]);
  });

  it('has every phase, and no other', () => {
    const phases = allMatches(read('calls/phase.ts'), /readonly kind: '([a-z]+)'/g);
    const shown = tableRows(section(text, '## Phases')).flatMap((row) => quoted(row[0] ?? ''));
    expect(sorted(shown)).toEqual(sorted(phases));
  });

  it('has every kind of segment, and no other', () => {
    const [kinds = ''] = allMatches(read('store/interaction.ts'), /type SegmentKind = (.*);/g);
    const shown = tableRows(section(text, '## What the history keeps')).flatMap((row) => quoted(row[0] ?? ''));
    expect(sorted(shown)).toEqual(sorted(allMatches(kinds, /'([a-z-]+)'/g)));
  });
});

it('docs/closures.md has every reason for losing an endpoint, and no other', () => {
  const [reasons = ''] = allMatches(read('media/ports.ts'), /endpoint-lost';[\s\S]*?readonly reason: (.*);/g);
  const rows = tableRows(section(read('docs/closures.md'), '## An endpoint ends'));
  expect(sorted(rows.flatMap((row) => quoted(row[0] ?? '')))).toEqual(sorted(allMatches(reasons, /'([a-z-]+)'/g)));
});

describe('docs/api.md', () => {
  const text = section(read('docs/api.md'), '## The event socket');

  it('has every message of the event socket, and no other', () => {
    const shown = tableRows(text).flatMap((row) => quoted(row[0] ?? ''));
    expect(sorted(shown)).toEqual(sorted(serverMessageSchema.options.map((option) => option.shape.type.value)));
  });

  it('has every command, and no other', () => {
    const [commands = ''] = allMatches(text, /^Commands, [^:]*: ([\s\S]*?)\. /gm);
    expect(sorted(quoted(commands))).toEqual(sorted(commandSchema.options.map((option) => option.shape.command.value)));
  });
});

/** As GitHub makes them of headings. */
const anchorsOf = (text: string): string[] =>
  allMatches(text, /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );

describe.each(DOCUMENTS)('%s', (file) => {
  const text = read(file);

  it('links only to what exists', () => {
    const targets = allMatches(withoutBlocks(text), /\]\(([^)\s]+)\)/g);
    const broken = targets.filter((target) => {
      if (/^(https?|mailto):/.test(target)) return false;
      const [path = '', anchor] = target.split('#');
      const found = path === '' ? file : relative(ROOT, resolve(ROOT, dirname(file), path));
      if (!existsSync(join(ROOT, found))) return true;
      return anchor !== undefined && !anchorsOf(read(found)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names only files that exist', () => {
    const rooms = [...Object.keys(ROOMS), 'test', 'docs'].join('|');
    const named = new RegExp(`^(?:${rooms})/[a-z0-9./-]+\\.(?:ts|tsx|mjs|md|wav|yaml|service)$`);
    expect(quoted(text).filter((word) => named.test(word) && !existsSync(join(ROOT, word)))).toEqual([]);
  });

  it('names no path of somebody’s machine', () => {
    expect(allMatches(text, /((?:^|[\s"'`(=])\/(?:work|tmp|home|root|Users)\/\S*)/gm)).toEqual([]);
  });
});

it('the README in Chinese has the headings, links and commands of the one in English', () => {
  const [english, chinese] = [read('README.md'), read('README.zh-CN.md')];
  const shapeOf = (text: string) => ({
    headings: allMatches(text, /^(#+) /gm),
    links: sorted(allMatches(text, /\]\(([^)]+)\)/g).filter((target) => !target.startsWith('README'))),
    commands: allMatches(text, /^ *((?:[A-Z_]+=\S+ )*(?:npm|docker) [^#\n]*?)\s*(?:#.*)?$/gm),
  });
  expect(shapeOf(chinese)).toEqual(shapeOf(english));
  expect(shapeOf(english).commands.length).toBeGreaterThan(4);
});
