import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RingwallError } from '../base/error.ts'
import { AlarmMemory } from '../desk/alarms.ts'
import { Control } from '../desk/control.ts'
import { VerdictMemory } from '../desk/memory.ts'
import { TallyBook } from '../desk/tally.ts'
import { steerVerbs } from './steer.ts'
import { printedBy } from './verb.testkit.ts'

let folder: string
let socket: string
let control: Control

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-steer-'))
  socket = join(folder, 'c.sock')
  control = new Control(new VerdictMemory(), new TallyBook(), new AlarmMemory())
  await control.listen(socket)
})
afterEach(() => {
  control.close()
  rmSync(folder, { recursive: true })
})

const steer = (...args: string[]) => printedBy([steerVerbs], [...args, '--socket', socket])

test('reload says what counts now and what waits for a restart', async () => {
  control.orders = { reload: () => ({ apply: ['roles'], restart: ['site'] }), stop: () => {} }
  const { status, out } = await steer('reload')
  expect(status).toBe(0)
  expect(out).toBe('Reloaded: roles.\nWaits for a restart: site.\n')
})

test('a configuration that the gateway refuses is told with its code and what to do', async () => {
  const refuse = () => {
    throw new RingwallError('file_unusable', 'the key is open to others', 'Run chmod 600.')
  }
  control.orders = { reload: refuse, stop: () => {} }
  const { status, err } = await steer('reload')
  expect(status).toBe(2)
  expect(err).toContain('error file_unusable')
  expect(err).toContain('Run chmod 600.')
})

test('stop is obeyed once it is answered', async () => {
  let stopped = 0
  control.orders = { reload: () => ({}), stop: () => stopped++ }
  expect(await steer('stop')).toMatchObject({ status: 0, out: 'The gateway is stopping.\n' })
  expect(stopped).toBe(1)
})

test('nobody is obeyed before the gateway stands', async () => {
  expect((await steer('stop')).status).toBe(2)
})
