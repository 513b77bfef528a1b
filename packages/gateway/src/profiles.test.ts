import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Plant, until } from './gateway.testkit.ts'
import { publish } from './path/packets.testkit.ts'
import { sensor } from './profile/profile.testkit.ts'

let plant: Plant
beforeAll(async () => {
  plant = await Plant.make()
})
afterEach(() => plant.clear())
afterAll(() => plant.close())

const write = (maximum: number | string) => {
  const values = { value: { type: 'number', maximum, unit: 'm', 'rw:name': 'level' } }
  writeFileSync(join(plant.folder, 'level.td.json'), JSON.stringify(sensor({}, values)))
}
const config = () =>
  plant.config({
    profiles: { files: ['*.td.json'] },
    roles: { sensor: { publish: ['${site}/${device}/#'], subscribe: ['#'] } },
  })
const message = (value: number) => JSON.stringify({ n: 1, ts: 1, device: 'level-1', value, unit: 'm' })

test('a worker judges by profiles; a reload takes over new ones, and a broken one changes nothing', async () => {
  write(2)
  const gateway = await plant.start(config())
  const device = await plant.join(gateway, 'level-1')
  const codes = () => gateway.verdicts.latest(10).map(({ findings }) => findings[0].code)
  device.send(publish('mill-3/level-1/telemetry', message(3), { version: 4 }))
  await until(() => codes().includes('value_range'))
  write('many')
  expect(() => gateway.reload(config())).toThrow(/profile_schema/)
  write(4)
  gateway.reload(config())
  await until(() => {
    device.send(publish('mill-3/level-1/telemetry', message(5), { version: 4 }))
    return gateway.verdicts.latest(1)[0]?.findings[0].why.includes('4') === true
  })
})

test('a gateway does not start on a broken profile', async () => {
  write('many')
  await expect(plant.start(config())).rejects.toThrow(/profile_schema/)
})
