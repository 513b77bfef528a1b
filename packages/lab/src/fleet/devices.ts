/** What a device does in the plant; the gateway's role names of `labRoles`. */
export type LabRole = 'sensor' | 'actuator' | 'controller' | 'operator' | 'edge'

export type Quantity = 'level' | 'flow' | 'pressure' | 'temperature' | 'vibration' | 'speed' | 'position' | 'power'

/** A device that reports something. Rates are for a `speed` of 1. */
export interface Instrument {
  readonly device: string
  readonly role: LabRole
  readonly quantity: Quantity
  readonly unit: string
  /** Reports a second. */
  readonly rate: number
  /** Standard deviation of the sensor's noise, in its unit. */
  readonly noise: number
  /** Outside this range it raises an alarm; in its unit. */
  readonly range: readonly [number, number]
}

function sensors(
  quantity: Quantity,
  unit: string,
  count: number,
  rate: number,
  noise: number,
  range: readonly [number, number],
): Instrument[] {
  return named(quantity, count).map(device => ({ device, role: 'sensor', quantity, unit, rate, noise, range }))
}

function actuators(name: string, quantity: Quantity, count: number): Instrument[] {
  return named(name, count).map(device => ({
    device,
    role: 'actuator',
    quantity,
    unit: '1',
    rate: 2,
    noise: 0,
    range: [0, 1],
  }))
}

function named(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}-${i + 1}`)
}

/** Everything that reports telemetry: fifteen sensors and seven actuators, some 52 messages a second together. */
export const instruments: readonly Instrument[] = [
  ...sensors('level', 'm', 3, 2, 0.002, [0.1, 1.9]),
  ...sensors('flow', 'l/s', 4, 2, 0.03, [-1, 14]),
  ...sensors('pressure', 'kPa', 3, 2, 0.4, [-5, 260]),
  ...sensors('temperature', 'Cel', 3, 1, 0.08, [2, 80]),
  ...sensors('vibration', 'mm/s', 2, 5, 0.08, [-1, 7]),
  ...actuators('pump', 'speed', 2),
  ...actuators('valve', 'position', 4),
  ...actuators('heater', 'power', 1),
]

export const CONTROLLER = 'controller-1'
export const OPERATOR = 'operator-1'
/** A Sparkplug B edge node. */
export const EDGE = 'edge-1'

/** An honest device that makes no telemetry: attacks on identity and on new connections aim at it. */
export const SPARE = 'spare-1'
/** An honest device that connects afresh again and again while connections are being flooded. */
export const NEWCOMER = 'spare-2'

/** How many stolen identities the attackers have: each attack its own, so that none profits or suffers from another. */
const INTRUDERS = 40

export const intruders: readonly string[] = named('intruder', INTRUDERS)

/** Valid devices that flood together, and do nothing else. */
export const flooders: readonly string[] = named('flooder', 50)

/** The identities that only attackers use. */
export const culprits: ReadonlySet<string> = new Set([...intruders, ...flooders])

/** Every device that needs a certificate and a role, the attackers' stolen ones included. */
export const labDevices: readonly { readonly device: string; readonly role: LabRole }[] = [
  ...instruments.map(({ device, role }) => ({ device, role })),
  { device: CONTROLLER, role: 'controller' },
  { device: OPERATOR, role: 'operator' },
  { device: EDGE, role: 'edge' },
  { device: SPARE, role: 'sensor' },
  { device: NEWCOMER, role: 'sensor' },
  ...[...intruders, ...flooders].map(device => ({ device, role: 'sensor' as const })),
]
