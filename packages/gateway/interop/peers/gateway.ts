import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import type { Authority, Credentials } from './certificates.ts'
import type { Folder } from './folder.ts'
import { freePorts, Process } from './processes.ts'

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.ts')

export interface GatewayOptions {
  readonly port: number
  /** The lines under `upstream:` without the braces, such as `url: mqtt://127.0.0.1:1883, identity: client-id`. */
  readonly upstream: string
  /** Further lines of the file. */
  readonly more?: readonly string[]
  readonly workers?: number
  /** What devices may publish, subscribe to and receive, by topic filter. Default: `t/#`. */
  readonly topics?: string
  /** Who may tell by PROXY protocol where a connection comes from. */
  readonly proxies?: string
}

/** The gateway as an operator runs it: one process, one file. */
export class Gateway {
  readonly port: number
  readonly config: string
  readonly #folder: Folder
  #process: Process

  private constructor(folder: Folder, port: number, config: string) {
    this.#folder = folder
    this.port = port
    this.config = config
    this.#process = run(this.config, folder)
  }

  static async start(
    folder: Folder,
    authority: Authority,
    options: Omit<GatewayOptions, 'port'> & { port?: number },
  ): Promise<Gateway> {
    const port = options.port ?? (await freePorts(1))[0]
    const file = writeConfig(folder, authority, await authority.server(), { ...options, port })
    const gateway = new Gateway(folder, port, file)
    await gateway.ready()
    return gateway
  }

  get pid(): number {
    return this.#process.pid
  }

  get output(): string {
    return this.#process.output
  }

  /** Waits until the port answers a TLS handshake, certificate or not. */
  ready(): Promise<void> {
    return this.#process.until('ready', () => shakesHands(this.port))
  }

  async restart(): Promise<void> {
    if (this.#process.alive) await this.stop()
    this.#process = run(this.config, this.#folder)
    await this.ready()
  }

  signal(name: NodeJS.Signals): void {
    this.#process.child.kill(name)
  }

  stop(): Promise<number | string> {
    return this.#process.stop()
  }

  kill(): Promise<number | string> {
    return this.#process.stop('SIGKILL')
  }
}

/** Starts `ringwall up` on a file without waiting for anything. */
export function run(config: string, folder: Folder): Process {
  return new Process(process.execPath, [CLI, 'up', '--config', config], { cwd: folder.path })
}

/** Writes the gateway's file with the keys that it names, and gives its path. */
export function writeConfig(
  folder: Folder,
  authority: Authority,
  server: Credentials,
  options: GatewayOptions,
): string {
  const { port, upstream, workers = 2, more = [], topics = 't/#', proxies } = options
  mkdirSync(folder.at('run'), { recursive: true, mode: 0o700 })
  folder.write('ca.pem', authority.certificate)
  folder.write('gateway.pem', server.certificate)
  folder.write('gateway.key', server.key)
  const name = `ringwall-${port}`
  const told = proxies === undefined ? '' : `, proxyProtocol: { trusted: ["${proxies}"] }`
  const lines = [
    'site: test',
    'listen:',
    `  mqtts: { port: ${port}, host: 127.0.0.1, workers: ${workers}, certificate: gateway.pem, key: gateway.key${told} }`,
    `upstream: { ${upstream} }`,
    'identity: { anchors: [{ ca: ca.pem, revocation: off }], device: "urn:ringwall:{site}:{id}" }',
    `roles: { tester: { publish: ["${topics}"], subscribe: ["${topics}"], receive: ["${topics}"] } }`,
    'rings: { identity: enforce, network: enforce }',
    'metrics: off',
    `control: { path: run/${name}.sock }`,
    // Several gateways share a folder; a ledger is one's own.
    ...(more.some(line => line.startsWith('ledger:'))
      ? []
      : [`ledger: { path: ${name}/ledger, key: ${name}/ledger.key, secret: ${name}/ledger.secret }`]),
    'log: { level: warn }',
    ...more,
  ]
  return folder.write(`${name}.yaml`, `${lines.join('\n')}\n`)
}

function shakesHands(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    const answer = (good: boolean) => {
      socket.destroy()
      resolve(good)
    }
    socket.once('secureConnect', () => answer(true))
    // A server that wants a certificate may turn us away: it has answered all the same.
    socket.once('error', (error: NodeJS.ErrnoException) => answer(error.code?.startsWith('ERR_SSL') === true))
  })
}
