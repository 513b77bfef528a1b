import { expect, test } from 'vitest'
import { importsOf } from './imports.ts'

const CASES: [name: string, source: string, expected: string[]][] = [
  ['a default import', "import x from './a.ts'", ['static ./a.ts']],
  ['named imports over lines', "import {\n  a,\n  type B,\n} from './a.ts'", ['static ./a.ts']],
  ['a name space', "import * as all from 'node:fs'", ['static node:fs']],
  ['a side effect', "import './a.ts'", ['static ./a.ts']],
  ['double quotes and attributes', 'import data from "./a.json" with { type: "json" }', ['static ./a.json']],
  ['type-only', "import type { A } from './a.ts'", ['type ./a.ts']],
  ['a type-only default', "import type A from './a.ts'", ['type ./a.ts']],
  ['a default named type', "import type from './a.ts'", ['static ./a.ts']],
  ['a default named type with others', "import type, { b } from './a.ts'", ['static ./a.ts']],
  ['inline types stay a value import', "import { type A } from './a.ts'", ['static ./a.ts']],
  ['a re-export', "export { a } from './a.ts'", ['static ./a.ts']],
  ['a re-exported star', "export * from './a.ts'\nexport * as b from './b.ts'", ['static ./a.ts', 'static ./b.ts']],
  [
    'a re-exported type',
    "export type { A } from './a.ts'\nexport type * from './b.ts'",
    ['type ./a.ts', 'type ./b.ts'],
  ],
  ['an export without from', "export { a }\nconst from = './a.ts'", []],
  ['an exported type alias', "export type A = { from: './a.ts' }", []],
  ['a dynamic import', "const a = await import('./a.ts')", ['dynamic ./a.ts']],
  ['a dynamic import by template', 'await import(`./a.ts`)', ['dynamic ./a.ts']],
  ['an import type', "type A = import('./a.ts').A", ['dynamic ./a.ts']],
  ['a computed name', 'await import(`./${name}.ts`)', ['dynamic undefined']],
  ['a joined name', "await import('./a' + '.ts')", ['dynamic undefined']],
  ['require', "const a = require('./a.cjs')", ['static ./a.cjs']],
  ['a method named import or require', "x.import('./a.ts'); x.require('./b.ts')", []],
  ['import.meta', 'const here = import.meta.url', []],
  ['comments', "// import a from './a.ts'\n/* import './b.ts' */\nimport './c.ts'", ['static ./c.ts']],
  ['strings', `const s = "import './a.ts'"; const t = 'it\\'s import("./b.ts")'`, []],
  ['templates', "const t = `import './a.ts' ${import('./b.ts')} import './c.ts'`", ['dynamic ./b.ts']],
  ['nested templates', "const t = `${`${{ a: 1 }.a}`}`\nimport './a.ts'", ['static ./a.ts']],
  ['regular expressions', "const r = /['\"`/]/.test(x) ? 1 / 2 : /[/'\"]/\nimport './a.ts'", ['static ./a.ts']],
  ['division', "const r = (a) / b / c\nimport './a.ts'", ['static ./a.ts']],
]

test.each(CASES)('finds %s', (_, source, expected) => {
  expect(importsOf(source).map(one => `${one.kind} ${one.specifier}`)).toEqual(expected)
})

test('knows the line', () => {
  const source = "/* one\ntwo */ const s = `three\n`\nimport {\n  a,\n} from './a.ts'\n\nawait import('./b.ts')"
  expect(importsOf(source).map(one => one.line)).toEqual([6, 8])
})
