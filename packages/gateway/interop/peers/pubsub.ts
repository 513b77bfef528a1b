import type { Connection, ConnectOptions, Filter, Kit, PublishOptions, Received, Target } from './kit.ts'
import { Process, within } from './processes.ts'
import { publishProperties, receivedFrom } from './pubsub-text.ts'

const MESSAGE = 'MESSAGE '
/** How the tools name the reason codes that the tests meet. */
const REASONS: Readonly<Record<string, number>> = {
  'Not authorized': 0x87,
  'Packet too large': 0x95,
  'Quota exceeded': 0x97,
}

/** mosquitto_sub as the connection; mosquitto_pub, as a device of its own for each message, as its voice. */
export const pubsub: Kit = {
  name: 'mosquitto_pub and mosquitto_sub',
  abilities: new Set(['tell refusal']),
  leastKeepAlive: 5,
  connect: async (target, options) => {
    const connection = new PubSub(target, options)
    await connection.opened()
    return connection
  },
  close: async () => {},
}

class PubSub implements Connection {
  readonly sessionPresent = undefined
  granted: readonly number[] = []
  readonly received: Received[] = []
  readonly #target: Target
  readonly #options: ConnectOptions
  #listener: Process | undefined
  #read = 0
  #voices = 0

  constructor(target: Target, options: ConnectOptions) {
    this.#target = target
    this.#options = options
  }

  async opened(): Promise<void> {
    const { filters, device } = this.#options
    if (filters === undefined) return
    // stdbuf: the tool does not flush its debug lines when it writes to a pipe.
    const args = ['-oL', 'mosquitto_sub', ...(await this.#common(device)), '-d', '-F', `${MESSAGE}%j`]
    const listener = new Process('stdbuf', [...args, ...this.#listening(filters)])
    this.#listener = listener
    await listener.until('SUBACK', () => /^Subscribed \(mid: \d+\): .*$/m.test(listener.output))
    const codes = /^Subscribed \(mid: \d+\): (.*)$/m.exec(listener.output)?.[1] ?? ''
    this.granted = codes === '' ? [] : codes.split(', ').map(Number)
  }

  async until(count: number): Promise<void> {
    await this.#listener?.until(`${count} messages`, () => {
      this.#readOn()
      return this.received.length >= count
    })
  }

  async publish(topic: string, payload: string, options: PublishOptions = {}): Promise<number> {
    const { qos = 0, retain = false, properties = {} } = options
    const args = ['-t', topic, '-q', String(qos), '-d', ...(retain ? ['-r'] : []), ...publishProperties(properties)]
    const voice = await this.#common(`${this.#options.device}-voice-${++this.#voices}`)
    const sender = new Process('mosquitto_pub', [...voice, ...args, payload === '' ? '-n' : '-s'])
    sender.child.stdin?.end(payload)
    const code = await within('mosquitto_pub to end', sender.ended)
    const failed = /Publish \d+ failed: (.*)\./.exec(sender.output)?.[1]
    const reason = Number(/received PUB(?:ACK|COMP) \(Mid: \d+, RC:(\d+)\)/.exec(sender.output)?.[1] ?? 0)
    if (failed !== undefined) return REASONS[failed] ?? (reason || -1)
    if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}:\n${sender.output}`)
    return reason
  }

  subscribe(): Promise<readonly number[]> {
    throw new Error('mosquitto_sub subscribes only when it starts')
  }

  unsubscribe(): Promise<void> {
    throw new Error('mosquitto_sub unsubscribes only when it starts')
  }

  async pinged(): Promise<void> {
    const listener = this.#listener
    await listener?.until('a PINGRESP', () => listener.output.includes('received PINGRESP'))
  }

  async end(): Promise<void> {
    await this.#listener?.stop('SIGINT')
  }

  async kill(): Promise<void> {
    await this.#listener?.stop('SIGKILL')
  }

  #listening(filters: readonly Filter[]): string[] {
    const { clean = true, sessionExpiry, will, subscriptionIdentifier } = this.#options
    // The tool has one quality of service for all filters.
    const args = [...filters.flatMap(({ topic }) => ['-t', topic]), '-q', String(filters[0]?.qos ?? 0)]
    if (!clean) args.push('-c')
    if (sessionExpiry !== undefined) args.push('-x', String(sessionExpiry))
    if (will !== undefined) {
      args.push('--will-topic', will.topic, '--will-payload', will.payload, '--will-qos', String(will.qos))
      if (will.retain === true) args.push('--will-retain')
    }
    if (subscriptionIdentifier !== undefined) {
      args.push('-D', 'subscribe', 'subscription-identifier', String(subscriptionIdentifier))
    }
    return args
  }

  async #common(device: string): Promise<string[]> {
    const { port, caFile, certificateFile, keyFile } = await this.#target.access(device)
    const { version, keepAlive } = this.#options
    const protocol = version === '5' ? 'mqttv5' : 'mqttv311'
    const secure = ['--cafile', caFile, '--cert', certificateFile, '--key', keyFile]
    const alive = keepAlive === undefined ? [] : ['-k', String(keepAlive)]
    return ['-h', '127.0.0.1', '-p', String(port), '-V', protocol, '-i', device, ...secure, ...alive]
  }

  #readOn(): void {
    const { output = '' } = this.#listener ?? {}
    for (let end = output.indexOf('\n', this.#read); end !== -1; end = output.indexOf('\n', this.#read)) {
      const line = output.slice(this.#read, end)
      this.#read = end + 1
      if (line.startsWith(MESSAGE)) this.received.push(receivedFrom(line.slice(MESSAGE.length)))
    }
  }
}
