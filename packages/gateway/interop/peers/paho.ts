import { join } from 'node:path'
import type { Connection, ConnectOptions, Filter, Kit, Properties, PublishOptions, Received, Target } from './kit.ts'
import { shown } from './kit.ts'
import { Process, until } from './processes.ts'

/** Debian's Python, where Debian's Paho lies; the path may hold another. */
export const PYTHON = '/usr/bin/python3'
const SCRIPT = join(import.meta.dirname, 'paho-driver.py')

/** An event of paho-driver.py. */
interface Said {
  readonly client: string
  readonly event: string
  readonly mid?: number
  readonly error?: string
  readonly reason?: number
  readonly sessionPresent?: boolean
  readonly granted?: readonly number[]
  readonly topic?: string
  readonly payload?: string
  readonly qos?: number
  readonly retain?: boolean
  readonly properties?: Properties
}

/** Eclipse Paho for Python, all connections in one process. */
export function paho(): Kit {
  const script = new Script()
  return {
    name: 'Paho',
    abilities: new Set(['change subscriptions', 'tell session present', 'plain disconnect']),
    leastKeepAlive: 1,
    connect: async (target, options) => {
      const connection = new Paho(script, options)
      await connection.open(target)
      return connection
    },
    close: () => script.close(),
  }
}

class Script {
  #process: Process | undefined
  #read = 0
  #clients = 0
  readonly #said = new Map<string, Said[]>()

  newClient(): string {
    const name = String(++this.#clients)
    this.#said.set(name, [])
    return name
  }

  send(client: string, command: string, more: object = {}): void {
    this.#process ??= new Process(PYTHON, ['-u', SCRIPT])
    this.#process.child.stdin?.write(`${JSON.stringify({ client, command, ...more })}\n`)
  }

  /** Everything that one client has said so far. */
  said(client: string): readonly Said[] {
    const { output = '' } = this.#process ?? {}
    for (let end = output.indexOf('\n', this.#read); end !== -1; end = output.indexOf('\n', this.#read)) {
      const line = output.slice(this.#read, end)
      this.#read = end + 1
      // Anything else is Python's own complaint; it stands in the output that a failing test shows.
      if (!line.startsWith('{')) continue
      const one: Said = JSON.parse(line)
      this.#said.get(one.client)?.push(one)
    }
    return this.#said.get(client) ?? []
  }

  get output(): string {
    return this.#process?.output ?? ''
  }

  get alive(): boolean {
    return this.#process?.alive === true
  }

  async close(): Promise<void> {
    await this.#process?.stop()
  }
}

class Paho implements Connection {
  sessionPresent: boolean | undefined
  granted: readonly number[] = []
  readonly #script: Script
  readonly #options: ConnectOptions
  readonly #client: string
  #publishing = 0

  constructor(script: Script, options: ConnectOptions) {
    this.#script = script
    this.#options = options
    this.#client = script.newClient()
  }

  async open(target: Target): Promise<void> {
    const access = await target.access(this.#options.device)
    const { clean = true, keepAlive = 60, sessionExpiry = 0, filters = [] } = this.#options
    const { port, caFile, certificateFile, keyFile } = access
    const files = { port, caFile, certificateFile, keyFile }
    this.#send('connect', { ...this.#options, ...files, clean, keepAlive, sessionExpiry })
    const answer = await this.#event('connected')
    if (answer.reason !== 0) throw new Error(`CONNACK ${answer.reason}`)
    this.sessionPresent = answer.sessionPresent
    if (filters.length > 0) this.granted = await this.subscribe(filters)
  }

  get received(): readonly Received[] {
    return this.#all('message').map(({ topic = '', payload = '', qos = 0, retain = false, properties = {} }) => ({
      topic,
      payload: shown(payload),
      qos,
      retain,
      properties,
    }))
  }

  until(count: number): Promise<void> {
    return until(
      `${count} messages`,
      () => this.received.length >= count,
      () => this.#script.output,
    )
  }

  async publish(topic: string, payload: string, options: PublishOptions = {}): Promise<number> {
    const { qos = 0, retain = false, properties } = options
    this.#send('publish', { topic, payload, qos, retain, properties: properties ?? null })
    const { mid } = await this.#event('publishing', ++this.#publishing)
    // Message ids are used again only after all others: in the life of a test each occurs once.
    await this.#until('a PUBACK or PUBCOMP', () => this.#all('published').some(one => one.mid === mid))
    return 0
  }

  async subscribe(filters: readonly Filter[]): Promise<readonly number[]> {
    const { subscriptionIdentifier } = this.#options
    const before = this.#all('subscribed').length
    this.#send('subscribe', { filters, ...(subscriptionIdentifier === undefined ? {} : { subscriptionIdentifier }) })
    const { granted = [] } = await this.#event('subscribed', before + 1)
    return granted
  }

  async unsubscribe(topics: readonly string[]): Promise<void> {
    const before = this.#all('unsubscribed').length
    this.#send('unsubscribe', { topics })
    await this.#event('unsubscribed', before + 1)
  }

  async pinged(): Promise<void> {
    await this.#event('pinged')
  }

  async end(): Promise<void> {
    this.#send('end')
    await this.#event('ended')
  }

  async kill(): Promise<void> {
    this.#send('kill')
    await this.#event('ended')
  }

  #send(command: string, more: object = {}): void {
    this.#script.send(this.#client, command, more)
  }

  #all(event: string): readonly Said[] {
    return this.#script.said(this.#client).filter(one => one.event === event)
  }

  async #event(event: string, count = 1): Promise<Said> {
    await this.#until(event, () => this.#all(event).length >= count)
    return this.#all(event)[count - 1]
  }

  #until(what: string, holds: () => boolean): Promise<void> {
    const whole = () => {
      const failed = this.#all('failed')[0]?.error
      if (failed !== undefined) throw new Error(`Paho: ${failed}`)
      if (!this.#script.alive) throw new Error(`Paho's process has ended:\n${this.#script.output}`)
      return holds()
    }
    return until(what, whole, () => this.#script.output)
  }
}
