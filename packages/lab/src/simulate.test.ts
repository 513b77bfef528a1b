import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { readObject } from './fleet/command.ts'
import { labDevices } from './fleet/devices.ts'
import { everyMode } from './script.ts'
import { type SimulatedMessage, simulate } from './simulate.ts'

const site = 'mill-3'

function digest(messages: Iterable<SimulatedMessage>): string {
  const hash = createHash('sha256')
  for (const { device, direction, topic, payload, wall } of messages)
    hash.update(`${device} ${direction} ${topic} ${wall} `).update(payload)
  return hash.digest('hex')
}

it('gives the same messages for the same seed, and others for another', () => {
  const options = { seed: 5, site, minutes: 0.5, start: 1_000_000 }
  expect(digest(simulate(options))).toBe(digest(simulate(options)))
  expect(digest(simulate({ ...options, seed: 6 }))).not.toBe(digest(simulate(options)))
})

it('runs through all modes, and everybody but the intruders speaks', () => {
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
  const honest = labDevices.map(({ device }) => device).filter(name => !/^(intruder|spare-2)/.test(name))
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

it('counts each message of a device by one, in step with the clock', () => {
  const next = new Map<string, number>()
  const began = new Map<string, number>()
  for (const { device, topic, payload, direction } of simulate({ seed: 3, site, minutes: 1 })) {
    if (direction !== 'up' || !topic.endsWith('/telemetry')) continue
    const { n, ts } = readObject(payload) as { n: number; ts: number }
    expect(n).toBe(next.get(device) ?? 0)
    next.set(device, n + 1)
    if (n === 0) began.set(device, ts)
    const rate = device.startsWith('vibration') ? 5 : device.startsWith('temperature') ? 1 : 2
    expect(Math.abs(n - ((ts - began.get(device)!) * rate) / 1000)).toBeLessThan(0.2)
  }
})

it('follows the script that it is given', () => {
  const script = [{ at: 1, order: 'start' as const }]
  const modes = new Set([...simulate({ seed: 1, site, minutes: 0.1, script })].map(({ mode }) => mode))
  expect([...modes]).toEqual(['shutdown', 'start-up'])
  expect(everyMode(10).length).toBeGreaterThan(30)
})
