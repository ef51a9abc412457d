/**
 * Writes the types of the client for apps (libs/client/src/api.ts) from the OpenAPI document: one interface a schema, and a
 * table of routes by method and path with what each takes, gives and can fail with. The document is made by the gateway's
 * own code from the contracts, so nothing has to run; a keyword that has no type here stops the build.
 */

/** Keywords that narrow a value further than a type can say, or tell people something. */
const silent = new Set(
  'description examples default format pattern minLength maxLength minimum maximum minItems maxItems uniqueItems propertyNames maxProperties x-max-bytes'.split(
    ' ',
  ),
);
const spoken = new Set('$ref type enum anyOf items properties required additionalProperties'.split(' '));
const words = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' };

const quoted = (text) => `'${String(text).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const literal = (value) => (typeof value === 'string' ? quoted(value) : JSON.stringify(value));
const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));
const union = (types) => [...new Set(types)].join(' | ');
const nameOf = (reference) => reference.split('/').at(-1);

function comment(text, indent) {
  if (!text) return '';
  const lines = text.replaceAll('*/', '*\\/').split('\n');
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}

/** The TypeScript type of a schema. */
function typeOf(schema, indent = '') {
  for (const word of Object.keys(schema)) {
    if (!silent.has(word) && !spoken.has(word)) throw new Error(`no type is known for "${word}" of a schema`);
  }
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.enum) return union(schema.enum.map(literal));
  if (schema.anyOf) return union(schema.anyOf.map((each) => typeOf(each, indent)));
  const types = [schema.type].flat();
  return union(types.map((type) => plain({ ...schema, type }, indent)));
}

function plain(schema, indent) {
  if (schema.type === 'array') {
    const item = typeOf(schema.items ?? {}, indent);
    return /^\w+$/.test(item) ? `${item}[]` : `(${item})[]`;
  }
  if (schema.type === 'object') return objectOf(schema, indent);
  if (schema.type === undefined) return 'unknown';
  const word = words[schema.type];
  if (!word) throw new Error(`no type is known for ${JSON.stringify(schema)}`);
  return word;
}

function objectOf({ properties = {}, required = [], additionalProperties }, indent) {
  const fields = Object.entries(properties);
  if (fields.length === 0) {
    const values =
      typeof additionalProperties === 'object' ? typeOf(additionalProperties, indent) : 'unknown';
    return additionalProperties === false ? 'Record<never, never>' : `Record<string, ${values}>`;
  }
  const inner = `${indent}  `;
  const lines = fields.map(([name, schema]) => {
    const mark = required.includes(name) ? '' : '?';
    return `${comment(schema.description, inner)}${inner}${key(name)}${mark}: ${typeOf(schema, inner)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

const messageOf = ({ content }) => content?.['application/json']?.schema;

/** The codes of the problems that an operation answers with. */
function codesOf({ responses }) {
  return Object.values(responses).flatMap(
    ({ content }) => content?.['application/problem+json']?.schema.properties?.code.enum ?? [],
  );
}

function parametersOf({ parameters = [] }, place, indent) {
  const own = parameters.filter((parameter) => parameter.in === place);
  if (own.length === 0) return 'Record<never, never>';
  const fields = own.map((each) => [each.name, { ...each.schema, description: each.description }]);
  const required = own.filter((each) => each.required).map(({ name }) => name);
  return objectOf({ properties: Object.fromEntries(fields), required }, indent);
}

/** The schema of what an operation answers when all goes well; undefined where that is nothing. */
function answerOf({ responses }) {
  const [, answer = {}] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  return messageOf(answer);
}

/** Whether the client calls it: a route of the API that answers with an envelope or with nothing. Pages and streams are none. */
function isCalled({ path, operation }) {
  if (!path.startsWith('/v1/')) return false;
  return answerOf(operation)?.properties?.data !== undefined || '204' in operation.responses;
}

/** One row of the table of routes. */
function routeOf(path, operation, common) {
  const { data, meta } = answerOf(operation)?.properties ?? {};
  const body = operation.requestBody && messageOf(operation.requestBody);
  const own = codesOf(operation);
  const isUsual = common.every((code) => own.includes(code));
  const codes = isUsual ? own.filter((code) => !common.includes(code)) : own;
  const indent = '      ';
  const fields = {
    operation: quoted(operation.operationId),
    path: parametersOf(operation, 'path', indent),
    query: parametersOf(operation, 'query', indent),
    body: body ? typeOf(body) : 'undefined',
    data: data ? typeOf(data, indent) : 'undefined',
    page: String(meta !== undefined),
    actAs: String((operation.parameters ?? []).some(({ name }) => name === 'Erato-Act-As')),
    codes: [...(isUsual ? ['CommonCode'] : []), ...codes.map(quoted)].join(' | '),
  };
  const about = [operation.summary, operation.description].filter(Boolean).join('\n\n');
  const lines = Object.entries(fields).map(([name, type]) => `${indent}${name}: ${type};\n`);
  return `${comment(about, '    ')}    ${quoted(path)}: {\n${lines.join('')}    };\n`;
}

/** The text of `api.ts` for an OpenAPI document. */
export function clientTypes({ paths, components }) {
  const rows = Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operation,
      })),
    )
    .filter(isCalled);
  const calls = rows.filter(({ operation }) => operation['x-erato-message'] !== null);
  const [first = [], ...others] = calls.map(({ operation }) => codesOf(operation));
  const common = first.filter((code) => others.every((codes) => codes.includes(code)));
  const everyCode = [...new Set(rows.flatMap(({ operation }) => codesOf(operation)))].sort();
  const interfaces = Object.entries(components.schemas).map(([name, schema]) =>
    `${comment(schema.description, '')}export interface ${name} ${objectOf(schema, '')}\n`.replace(
      / Record<.*>\n$/,
      ' {}\n',
    ),
  );
  const methods = [...new Set(rows.map(({ method }) => method))].sort().map((method) => {
    const own = rows.filter((row) => row.method === method);
    return `  ${method}: {\n${own.map(({ path, operation }) => routeOf(path, operation, common)).join('')}  };\n`;
  });
  return [
    '/**',
    ' * Every message and route of the HTTP API. Made from its OpenAPI document by the build (tools/client-types.mjs): change the',
    ' * contracts, not this.',
    ' */',
    '',
    ...interfaces,
    '/** What every call can fail with. */',
    `export type CommonCode = ${union(common.map(quoted))};`,
    '',
    '/** Every documented code of a problem. */',
    `export type ProblemCode =\n${everyCode.map((code) => `  | ${quoted(code)}`).join('\n')};`,
    '',
    '/** Every route by method and path: what it takes, what it gives, what it can fail with. */',
    `export interface Routes {\n${methods.join('')}}`,
    '',
  ].join('\n');
}
