import { describe, expect, it } from 'vitest'
import { Random } from '../random.ts'
import { HEATER_POWER } from './heater.ts'
import { Plant, STEP } from './plant.ts'
import { Supervisor } from './supervisor.ts'
import { DENSITY, HEAT_CAPACITY } from './units.ts'

function run(plant: Plant, seconds: number, each?: () => void): void {
  for (let i = 0; i < seconds / STEP; i += 1) {
    if (each && i % 10 === 0) each()
    plant.step()
  }
}

function supervise(plant: Plant, supervisor: Supervisor): () => void {
  return () => {
    const commands = supervisor.decide({
      'level-1': plant.tanks[0].level,
      'level-2': plant.tanks[1].level,
      'level-3': plant.tanks[2].level,
      'temperature-2': plant.tanks[1].temperature,
    })
    plant.valves.forEach((valve, i) => {
      valve.command = commands[`valve-${i + 1}`] ?? valve.command
    })
    plant.pumps.forEach((pump, i) => {
      pump.command = commands[`pump-${i + 1}`] ?? pump.command
    })
    plant.heater.command = commands['heater-1'] ?? plant.heater.command
  }
}

function held(plant: Plant): number {
  return plant.tanks.reduce((sum, tank) => sum + tank.volume + tank.spilled, 0)
}

describe('plant', () => {
  it('conserves mass through start-up, normal operation and an overflow', () => {
    const plant = new Plant()
    const supervisor = new Supervisor()
    const before = held(plant)
    supervisor.start()
    run(plant, 120, supervise(plant, supervisor))
    plant.valves[0].command = 1
    plant.pumps[0].command = 0
    run(plant, 300)
    expect(plant.tanks[0].spilled).toBeGreaterThan(0)
    expect(held(plant) + plant.delivered - plant.received).toBeCloseTo(before, 9)
  })

  it('gets from start-up to a steady normal operation, and stops', () => {
    const plant = new Plant()
    const supervisor = new Supervisor()
    supervisor.start()
    run(plant, 60, supervise(plant, supervisor))
    expect(supervisor.mode).toBe('normal')
    run(plant, 600, supervise(plant, supervisor))
    expect(plant.conditions).toEqual([])
    expect(plant.tanks[0].level).toBeGreaterThan(0.6)
    expect(plant.tanks[0].level).toBeLessThan(1.3)
    expect(plant.tanks[1].temperature).toBeGreaterThan(29)
    expect(plant.tanks[1].temperature).toBeLessThan(35)
    expect(plant.pumps[1].flow).toBeCloseTo(plant.pumps[0].flow, 3)
    supervisor.stop()
    run(plant, 20, supervise(plant, supervisor))
    expect(plant.pumps.map(pump => pump.running)).toEqual([false, false])
    expect(plant.outflow).toBe(0)
  })

  it('shows a pump that runs dry, and its vibration', () => {
    const plant = new Plant()
    plant.valves[1].command = 1
    plant.pumps[0].command = 1
    run(plant, 10)
    const calm = plant.pumps[0].vibration
    run(plant, 200)
    expect(plant.conditions).toContain('pump-1 runs dry')
    expect(plant.pumps[0].vibration).toBeGreaterThan(calm + 3)
    expect(plant.tanks[0].level).toBeGreaterThanOrEqual(0)
  })

  it('shows a tank that overflows', () => {
    const plant = new Plant()
    plant.valves[0].command = 1
    run(plant, 200)
    expect(plant.conditions).toContain('tank-1 overflows')
    expect(plant.tanks[0].level).toBe(2)
  })

  it('heats by the energy balance and cuts out', () => {
    const plant = new Plant()
    const tank = plant.tanks[1]
    const before = tank.temperature
    plant.heater.command = 1
    run(plant, 10)
    const ideal = (HEATER_POWER * 10) / (tank.volume * DENSITY * HEAT_CAPACITY)
    expect(tank.temperature - before).toBeGreaterThan(ideal * 0.99)
    expect(tank.temperature - before).toBeLessThanOrEqual(ideal)
    run(plant, 300)
    expect(plant.conditions).toContain('heater-1 has cut out')
    expect(tank.temperature).toBeLessThan(86)
    plant.heater.command = 0
    run(plant, 1)
    expect(plant.heater.tripped).toBe(false)
  })

  it('runs the same way twice, and its sensors are noisy in the same way for the same seed', () => {
    const trajectory = (seed: number) => {
      const plant = new Plant()
      const random = new Random(seed)
      const supervisor = new Supervisor()
      supervisor.start()
      const found: number[] = []
      const control = supervise(plant, supervisor)
      run(plant, 60, () => {
        control()
        found.push(plant.tanks[0].level + 0.004 * random.normal(), plant.pumps[0].flow, plant.tanks[1].temperature)
      })
      return found
    }
    expect(trajectory(7)).toEqual(trajectory(7))
    expect(trajectory(7)).not.toEqual(trajectory(8))
  })

  it('takes time to travel and to ramp', () => {
    const plant = new Plant()
    plant.valves[0].command = 1
    plant.pumps[0].command = 1
    run(plant, 1)
    expect(plant.valves[0].position).toBeCloseTo(0.2)
    expect(plant.pumps[0].speed).toBeCloseTo(0.25)
  })
})
