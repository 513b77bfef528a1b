import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { judge, judgeCheckout } from './walls.ts'

const packages = new Map([
  ['ringwall', 'gateway'],
  ['@ringwall/wire', 'wire'],
  ['@ringwall/learn', 'learn'],
  ['@ringwall/lab', 'lab'],
  ['@ringwall/device', 'device'],
])
const gateway = (inside: string) => `packages/gateway/src/${inside}`

/** One import in one file; the rule that it breaks, or nothing. */
const CASES: [path: string, text: string, rule: string | undefined][] = [
  [gateway('contract/act.ts'), "import type { P } from './principal.ts'", undefined],
  [gateway('contract/act.ts'), "import type { L } from '../base/log.ts'", 'contract may not import base'],
  [gateway('contract/act.ts'), "import type { Z } from 'zod'", 'contract may not import zod'],
  [gateway('base/log.ts'), "import { pino } from 'pino'", undefined],
  [gateway('base/log.ts'), "import type { Act } from '../contract/index.ts'", 'base may not import contract'],
  [gateway('lanes/record.ts'), "import type { Lane } from '../contract/index.ts'", undefined],
  [gateway('config/load.ts'), "import { x } from '../session/x.ts'", 'config may not import session'],
  [gateway('session/x.ts'), "import { scan } from '@ringwall/wire'", undefined],
  [gateway('session/x.ts'), "import { forest } from '@ringwall/learn'", 'session may not import @ringwall/learn'],
  [gateway('session/x.ts'), "import { lane } from '../lanes/lane.ts'", undefined],
  [gateway('gate/tls.ts'), "import type { Session } from '../session/x.ts'", 'gate may not import session'],
  [gateway('path/receive.ts'), "import type { Session } from '../session/x.ts'", undefined],
  [gateway('path/receive.ts'), "import { Session } from '../session/x.ts'", 'path may import session as types only'],
  [gateway('path/receive.ts'), "import type { G } from '../gate/tls.ts'", 'path may not import gate'],
  [gateway('audit/write.ts'), "import { window } from '../evidence/window.ts'", undefined],
  [gateway('audit/write.ts'), "import { x } from '../detect/x.ts'", 'audit may not import detect'],
  [gateway('evidence/x.ts'), "import { x } from '../path/receive.ts'", 'evidence may not import path'],
  [gateway('worker/main.ts'), "import { x } from '../path/receive.ts'", undefined],
  [gateway('worker/main.ts'), "import { x } from '../desk/x.ts'", 'worker may not import desk'],
  [gateway('guards/x.ts'), "import { x } from '../worker/main.ts'", 'guards may not import worker'],
  [gateway('respond/x.ts'), "const x = await import('../desk/x.ts')", 'respond may not import desk'],
  [gateway('gateway.ts'), "import { x } from './desk/x.ts'", undefined],
  [gateway('cli.ts'), "import { x } from './cli/up.ts'", undefined],
  [gateway('parlor/x.ts'), "import { x } from '../base/log.ts'", 'parlor is not a known room'],
  [
    gateway('guards/x.ts'),
    "import { x } from '../../../wire/src/index.ts'",
    '../../../wire/src/index.ts leaves packages/gateway/src',
  ],
  [gateway('guards/x.ts'), "import { x } from './y'", './y has no ending'],
  [gateway('guards/x.ts'), 'await import(name)', 'a computed import cannot be judged'],
  ['packages/wire/src/a.ts', "import fs from 'node:fs'", 'packages/wire may not import node:fs'],
  ['packages/wire/src/a.ts', "import { x } from 'mqtt-packet'", 'packages/wire may not import mqtt-packet'],
  ['packages/learn/src/a.ts', "import { x } from '@ringwall/wire'", 'packages/learn may not import @ringwall/wire'],
  ['packages/learn/src/a.ts', "import fs from 'node:fs'", undefined],
  ['packages/lab/src/a.ts', "import { x } from 'ringwall'", 'packages/lab may not import ringwall'],
  ['packages/lab/src/a.ts', "import { x } from '@ringwall/wire'", undefined],
  ['packages/device/src/a.ts', "import { x } from 'ringwall/sub'", 'packages/device may not import ringwall'],
]

test.each(CASES)('%s: %s', (path, text, rule) => {
  const offences = judge([{ path, text: `\n${text}` }], packages)
  expect(offences.map(one => `${one.path}:${one.line} ${one.rule}`)).toEqual(
    rule === undefined ? [] : [`${path}:2 ${rule}`],
  )
  for (const one of offences) expect(one.advice).not.toBe('')
})

test('finds circles, through types too', () => {
  const sources = [
    { path: gateway('lanes/a.ts'), text: "import type { B } from './b.ts'" },
    { path: gateway('lanes/b.ts'), text: "export * from './c.ts'" },
    { path: gateway('lanes/c.ts'), text: "import { A } from './a.ts'\nimport { D } from './d.ts'" },
    { path: gateway('lanes/d.ts'), text: '' },
  ]
  const [one, ...others] = judge(sources, packages)
  expect(others).toEqual([])
  expect(one).toMatchObject({ path: gateway('lanes/c.ts'), line: 1 })
  expect(one.rule).toContain('lanes/a.ts -> gateway/src/lanes/b.ts -> gateway/src/lanes/c.ts -> gateway/src/lanes/a.ts')
})

test('the walls of this checkout stand', () => {
  expect(judgeCheckout(dirname(import.meta.dirname))).toEqual([])
})
