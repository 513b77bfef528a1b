import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../base/log.ts'
import type { Config } from '../config/index.ts'
import type { Verdict } from '../contract/index.ts'
import { until } from '../gateway.testkit.ts'
import { SharedHold } from '../lanes/hold.ts'
import { Auditor } from './auditor.ts'
import { kindOf } from './entry.ts'
import { openView } from './view.ts'

let home: string
let hold: SharedHold

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ringwall-auditor-'))
  hold = new SharedHold()
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const auditorOf = (overload: 'block' | 'degrade'): Auditor => {
  const [path, key, secret] = ['ledger', 'ledger.key', 'ledger.secret'].map(name => join(home, name))
  const config: Exclude<Config['ledger'], 'off'> = { path, key, secret, overload, acts: 'off', witnesses: [] }
  return new Auditor(config, 'mill-3', '0', hold, silentLog)
}
const order = { kind: 'block', time: 0, message: 'blocked' } as const
const codeOf = (work: Promise<void>): Promise<string> =>
  work.then(
    () => 'done',
    ({ code }) => code,
  )
const kinds = (): string[] => [...openView(join(home, 'ledger')).read(0, 99)].map(({ entry }) => kindOf(entry))

test('a thread that dies is started anew, refuses orders meanwhile, and lets devices be read again', async () => {
  const auditor = auditorOf('block')
  await auditor.start()
  await auditor.order(order)
  // What no verdict is ends the thread, as a fault of its own would.
  auditor.verdicts([null as unknown as Verdict], [])
  await until(() => auditor.failed === 'its thread died')
  expect(await codeOf(auditor.order(order))).toBe('audit_unwritable')
  auditor.event(order)
  expect(hold.isOn).toBe(true)
  await until(() => auditor.failed === '')
  expect(hold.isOn).toBe(false)
  await auditor.order(order)
  await auditor.stop()
  expect(kinds()).toEqual(['start', 'block', 'crash', 'start', 'block', 'stop'])
  expect(auditor.dropped).toBe(1)
})

test('an auditor that was stopped does not come back', async () => {
  const auditor = auditorOf('degrade')
  await auditor.start()
  auditor.verdicts([null as unknown as Verdict], [])
  await until(() => auditor.failed === 'its thread died')
  await auditor.stop()
  await new Promise(resolve => setTimeout(resolve, 1_200))
  expect(await codeOf(auditor.order(order))).toBe('audit_unwritable')
})

test('a ledger that does not open is told once, with what is wrong', async () => {
  const auditor = auditorOf('degrade')
  await auditor.start()
  await auditor.stop()
  chmodSync(join(home, 'ledger.key'), 0o644)
  expect(await codeOf(auditorOf('degrade').start())).toBe('ledger_key')
  expect(readdirSync(join(home, 'ledger'))).not.toContain('lock')
})
