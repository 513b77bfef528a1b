import type { Plant } from '../plant/plant.ts'
import { instruments } from './devices.ts'

/** The true value behind an instrument's reading, in the instrument's unit. */
export function reading(plant: Plant, device: string): number {
  const [kind, number] = device.split('-')
  const i = Number(number) - 1
  switch (kind) {
    case 'level':
      return plant.tanks[i].level
    case 'temperature':
      return plant.tanks[i].temperature
    case 'flow':
      return 1000 * [plant.inflow, plant.pumps[0].flow, plant.pumps[1].flow, plant.outflow][i]
    case 'pressure':
      return [plant.pumps[0].pressure, plant.pumps[1].pressure, plant.floorPressure][i]
    case 'vibration':
      return plant.pumps[i].vibration
    case 'pump':
      return plant.pumps[i].speed
    case 'valve':
      return plant.valves[i].position
    case 'heater':
      return plant.heater.tripped ? 0 : plant.heater.command
    default:
      throw new Error(`No instrument is called ${device}`)
  }
}

/** All true values, by device id. */
export function readings(plant: Plant): Record<string, number> {
  return Object.fromEntries(instruments.map(({ device }) => [device, reading(plant, device)]))
}

/** Gives an actuator its command, 0 to 1. The only way in which anything moves the plant. */
export function actuate(plant: Plant, device: string, value: number): void {
  const [kind, number] = device.split('-')
  const i = Number(number) - 1
  if (kind === 'pump') plant.pumps[i].command = value
  else if (kind === 'valve') plant.valves[i].command = value
  else if (kind === 'heater') plant.heater.command = value
}
