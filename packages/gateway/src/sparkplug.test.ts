import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Plant, until } from './gateway.testkit.ts'
import { publish } from './path/packets.testkit.ts'
import { aliased, edge, message, named } from './worker/sparkplug.testkit.ts'

let plant: Plant
beforeAll(async () => {
  plant = await Plant.make()
})
afterEach(() => plant.clear())
afterAll(() => plant.close())

const load = (maximum: number) => {
  writeFileSync(join(plant.folder, 'edge.td.json'), JSON.stringify(edge({ level: { type: 'number', maximum } })))
  return plant.config({
    profiles: { files: ['*.td.json'] },
    roles: { sensor: { publish: ['spBv1.0/#'], subscribe: ['spBv1.0/#'] } },
  })
}
const say = (topic: string, payload: Uint8Array) => publish(`spBv1.0/mill-3/${topic}`, payload, { version: 4 })
const bdSeq = named('bdSeq', 0, 'UInt64')
const will = { topic: 'spBv1.0/mill-3/NDEATH/pump-1', payload: message(undefined, bdSeq), qos: 1 }

test('births outlive a reload of the worker, and no connection', async () => {
  const gateway = await plant.start(load(2))
  const codes = () => gateway.verdicts.latest(100).map(({ findings }) => findings[0].code)
  const device = await plant.join(gateway, 'pump-1', { version: 4, will })
  const births = [bdSeq, named('Node Control/Rebirth', false, 'Boolean'), named('level', 1, 'Double', { alias: 1 })]
  let seq = 0
  const data = (alias: number, value: number) => {
    device.send(say('NDATA/pump-1', message(++seq % 256, aliased(alias, value))))
  }
  device.send(say('NBIRTH/pump-1', message(0, ...births)))
  data(1, 1.5)
  gateway.reload(load(1))
  await until(() => {
    data(1, 1.5)
    return codes().includes('value_range')
  })
  data(9, 1)
  seq++
  data(1, 0.5)
  await until(() => codes().includes('sparkplug_sequence'))
  expect(new Set(codes())).toEqual(new Set(['sparkplug_sequence', 'sparkplug_alias', 'value_range']))
  device.socket.destroy()
  const again = await plant.join(gateway, 'pump-1', { version: 4, will })
  again.send(say('NDATA/pump-1', message(seq % 256, aliased(1, 0.5))))
  await until(() => codes().includes('sparkplug_unborn'))
})
