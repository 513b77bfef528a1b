import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RingwallError } from '../base/error.ts'
import { AlarmMemory } from './alarms.ts'
import { Control } from './control.ts'
import { totals, verdict } from './desk.testkit.ts'
import { VerdictMemory } from './memory.ts'
import { TallyBook } from './tally.ts'

let folder: string
let path: string
let memory: VerdictMemory
let book: TallyBook
let control: Control

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-control-'))
  path = join(folder, 'run', 'socket')
  memory = new VerdictMemory()
  book = new TallyBook()
  control = new Control(memory, book, new AlarmMemory())
})
afterEach(() => {
  control.close()
  rmSync(folder, { recursive: true })
})

function ask(what: string, method = 'GET'): Promise<{ status: number; body: unknown }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: unknown }>()
  const call = request({ socketPath: path, path: what, method }, response => {
    let text = ''
    response.on('data', chunk => {
      text += chunk
    })
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(text === '' ? 'null' : text) }),
    )
  })
  call.on('error', reject)
  call.end()
  return promise
}

test('the socket is for its owner only, and its folder too', async () => {
  const former = process.umask(0)
  try {
    await control.listen(path)
    expect(statSync(path).isSocket()).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'run')).mode & 0o777).toBe(0o700)
    expect(process.umask()).toBe(0)
  } finally {
    process.umask(former)
  }
})

test('verdicts are listed newest first, with their bytes in hex, and found by their id', async () => {
  await control.listen(path)
  for (let i = 0; i < 30; i++) memory.add(verdict({ id: `0-${i}` }))
  const latest = (await ask('/verdicts')).body as { id: string; bytes: string }[]
  expect([latest.length, latest[0].id, latest[0].bytes]).toEqual([20, '0-29', '30ff'])
  expect(((await ask('/verdicts?most=2')).body as []).length).toBe(2)
  for (const most of ['-1', 'x', '1e99', '']) expect((await ask(`/verdicts?most=${most}`)).status).toBe(200)
  expect(await ask('/verdicts/0-7')).toMatchObject({ status: 200, body: { id: '0-7', device: 'pump-1' } })
})

test('the state is the counts of all workers', async () => {
  await control.listen(path)
  book.update(0, { counts: totals(3), connections: 2, buffered: 0 })
  expect(await ask('/state')).toMatchObject({ status: 200, body: { connections: 2, accepted: 3, findings: [] } })
})

test('what is not known is 404, and no request ends the gateway', async () => {
  await control.listen(path)
  for (const what of ['/', '/verdicts/9-9', '/verdicts/', '/state/x', '/verdicts/%', '//', '/\\', 'http://']) {
    expect((await ask(what)).status, what).toBe(404)
  }
  expect((await ask('/state')).status).toBe(200)
})

test('where another gateway answers, this one does not start, and leaves the other its socket', async () => {
  await control.listen(path)
  const second = new Control(memory, book, new AlarmMemory())
  await expect(second.listen(path)).rejects.toMatchObject({ code: 'control_taken' })
  second.close()
  expect((await ask('/state')).status).toBe(200)
})

test('a socket that nobody answers at any more is replaced', async () => {
  const stale: Server = createServer()
  await control.listen(join(folder, 'other'))
  await new Promise<void>(resolve => stale.listen(join(folder, 'left'), resolve))
  // A process that was killed leaves its socket's file: a link to it outlives the close.
  const { linkSync } = await import('node:fs')
  path = join(folder, 'stale')
  linkSync(join(folder, 'left'), path)
  await new Promise(resolve => stale.close(resolve))
  expect(statSync(path).isSocket()).toBe(true)
  control.close()
  control = new Control(memory, book, new AlarmMemory())
  await control.listen(path)
  expect((await ask('/state')).status).toBe(200)
})

test('a file that is no socket is left alone', async () => {
  path = join(folder, 'file')
  writeFileSync(path, 'precious')
  await expect(control.listen(path)).rejects.toMatchObject({ code: 'control_path' })
  control.close()
  expect(readFileSync(path, 'utf8')).toBe('precious')
})

test('a path that is too long for a socket is told', async () => {
  await expect(control.listen(join(folder, 'x'.repeat(200)))).rejects.toMatchObject({ code: 'control_path' })
})

test('closing takes the socket away', async () => {
  await control.listen(path)
  control.close()
  expect(existsSync(path)).toBe(false)
})

test('other rooms add routes by method and path, and to the state', async () => {
  await control.listen(path)
  control.routes.set('POST /block', query => ({ target: query.get('target') }))
  control.routes.set('GET /late', async () => [1])
  control.about = () => ({ blocks: 3 })
  expect(await ask('/block?target=10.0.0.0%2F8', 'POST')).toEqual({ status: 200, body: { target: '10.0.0.0/8' } })
  expect(await ask('/late')).toEqual({ status: 200, body: [1] })
  expect((await ask('/block')).status).toBe(404)
  expect(await ask('/state')).toMatchObject({ body: { connections: 0, blocks: 3 } })
})

test('what a route refuses is told with its code', async () => {
  await control.listen(path)
  control.routes.set('POST /block', () => {
    throw new RingwallError('block_protected', 'it is protected', 'Say --force.')
  })
  expect(await ask('/block', 'POST')).toMatchObject({ status: 409, body: { code: 'block_protected' } })
})
