/** One message as it leaves a device: its whole topic and its bytes. */
export interface Outgoing {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1
  readonly retain: boolean
}

/** What a device wants to hear. */
export interface Subscription {
  readonly filter: string
  readonly qos: 0 | 1
}

/**
 * A device's line to its broker, as everything that a device does sees it: a real MQTT session (`Device`) or one in simulated
 * time (`SimulatedLine`). What is said over it is made by the same code.
 */
export interface Line {
  readonly name: string
  /** Whether a message that is sent now would be handed over. */
  readonly connected: boolean
  /** The device's clock: milliseconds since the Unix epoch. */
  wall(): number
  /** `SITE/NAME/leaf` */
  topic(leaf: string): string
  /** Hands a message over. `done` is called once the other side has it (QoS 1) or the line has it (QoS 0). */
  send(message: Outgoing, done?: (error?: Error) => void): void
  /** Calls `birth` at the beginning of every session from now on. */
  onSession(birth: () => void): void
  /** Calls `heard` with whatever arrives from now on. */
  onMessage(heard: (topic: string, payload: Uint8Array) => void): void
}

/** Says `online` at the beginning of every session, as every device but an edge node does. */
export function greet(line: Line): void {
  const online = { topic: line.topic('status'), payload: Buffer.from('online'), qos: 1, retain: true } as const
  line.onSession(() => line.send(online))
}

/** What the broker says of a device that is lost, or the device itself before it leaves. */
export function farewell(line: Line): Outgoing {
  return { topic: line.topic('status'), payload: Buffer.from('offline'), qos: 1, retain: true }
}

/** Sends a JSON message over a line. */
export function say(line: Line, topic: string, message: object, qos: 0 | 1, retain = false): void {
  line.send({ topic, payload: encode(message), qos, retain })
}

export function encode(message: object): Uint8Array {
  return Buffer.from(JSON.stringify(message))
}
