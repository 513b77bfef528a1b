import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { readObject } from './fleet/command.ts'
import { culprits, labDevices } from './fleet/devices.ts'
import { everyMode } from './script.ts'
import { simulate } from './simulate.ts'
import type { SimulatedAct } from './simulated-bus.ts'

const site = 'mill-3'

function digest(messages: Iterable<SimulatedAct>): string {
  const hash = createHash('sha256')
  for (const { device, action, topic, payload, wall } of messages)
    hash.update(`${device} ${action} ${topic} ${wall} `).update(payload)
  return hash.digest('hex')
}

it('gives the same messages for the same seed, and others for another', () => {
  const options = { seed: 5, site, minutes: 0.5, start: 1_000_000 }
  expect(digest(simulate(options))).toBe(digest(simulate(options)))
  expect(digest(simulate({ ...options, seed: 6 }))).not.toBe(digest(simulate(options)))
})

it('runs through all modes, and everybody but the attackers speaks', () => {
  const modes = new Set<string>()
  const speakers = new Set<string>()
  let last = 0
  for (const { device, direction, mode, wall } of simulate({ seed: 1, site, minutes: 4 })) {
    modes.add(mode)
    if (direction === 'up') speakers.add(device)
    expect(wall).toBeGreaterThanOrEqual(last)
    last = wall
  }
  expect([...modes].sort()).toEqual(['normal', 'shutdown', 'start-up', 'stopping'])
  const honest = labDevices.map(({ device }) => device).filter(name => !culprits.has(name) && name !== 'spare-2')
  expect([...speakers].sort()).toEqual(honest.sort())
})

it('commands actuators in no other mode than those in which it is legal', () => {
  let commands = 0
  for (const { topic, mode, direction } of simulate({ seed: 2, site, minutes: 4 })) {
    if (direction !== 'down' || !/\/(valve|pump|heater)-\d\/set$/.test(topic)) continue
    commands += 1
    expect(mode).not.toBe('shutdown')
  }
  expect(commands).toBeGreaterThan(500)
})

it('counts each message of a device by one, in step with the clock, and anew after a restart', () => {
  const next = new Map<string, number>()
  const began = new Map<string, number>()
  const restarted = new Set<string>()
  for (const { device, topic, payload, action, dup } of simulate({ seed: 3, site, minutes: 10 })) {
    if (action !== 'publish' || dup || !topic.endsWith('/telemetry')) continue
    const { n, ts } = readObject(payload) as { n: number; ts: number }
    const rate = device.startsWith('vibration') ? 5 : device.startsWith('temperature') ? 1 : 2
    const last = next.get(device)
    next.set(device, n)
    if (last === undefined || n < last) {
      if (last !== undefined) restarted.add(device)
      began.set(device, ts - (n * 1000) / rate)
    } else expect(n).toBeLessThanOrEqual(last + 1 + 4 * rate)
    expect(Math.abs(n - ((ts - began.get(device)!) * rate) / 1000)).toBeLessThan(0.2)
  }
  expect(restarted.size).toBeGreaterThan(10)
})

it('lets everybody but the operator lose connection or power, with a will, and come back', () => {
  const lives = new Map<string, string[]>()
  for (const { device, action } of simulate({ seed: 4, site, minutes: 10 }))
    if (action === 'connect' || action === 'will' || action === 'loss')
      lives.set(device, [...(lives.get(device) ?? []), action])
  const once = ['connect', 'will']
  for (const [device, acts] of lives) {
    expect(acts.slice(0, 2), device).toEqual(once)
    if (device !== 'operator-1') expect(acts.slice(2, 5), device).toEqual(['loss', ...once])
  }
  expect(lives.get('controller-1')?.filter(action => action === 'loss').length).toBe(2)
})

it('gives the edge node a new number of births and deaths in each session, and what was lost is sent again', () => {
  const wills = new Set<string>()
  const births: string[] = []
  let resent = 0
  for (const { device, action, topic, payload, dup } of simulate({ seed: 4, site, minutes: 10 })) {
    if (dup) resent += 1
    if (device !== 'edge-1') continue
    if (action === 'will') wills.add(Buffer.from(payload).toString('hex'))
    if (action === 'publish' && topic.includes('NBIRTH')) births.push(topic)
  }
  expect(births.length).toBeGreaterThan(1)
  expect(wills.size).toBe(births.length)
  expect(resent).toBeGreaterThan(5)
})

it('tells who comes back what was retained', () => {
  const mode = 'mill-3/controller-1/state'
  const script = [{ at: 2, reconnect: 'controller-1' }]
  const told = [...simulate({ seed: 1, site, minutes: 0.2, script })].filter(
    ({ device, action, topic }) => device === 'controller-1' && action === 'receive' && topic === mode,
  )
  expect(told.filter(({ retain }) => retain).length).toBe(1)
})

it('follows the script that it is given', () => {
  const script = [{ at: 1, order: 'start' as const }]
  const modes = new Set([...simulate({ seed: 1, site, minutes: 0.1, script })].map(({ mode }) => mode))
  expect([...modes]).toEqual(['shutdown', 'start-up'])
  expect(everyMode(10).length).toBeGreaterThan(30)
})
