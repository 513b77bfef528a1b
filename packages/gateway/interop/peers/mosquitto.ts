import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import type { Authority } from './certificates.ts'
import type { Folder } from './folder.ts'
import { freePorts, Process } from './processes.ts'

export interface MosquittoOptions {
  /** Keeps sessions and messages over restarts. */
  readonly persistence?: boolean
  /** Lines of an access control list for the listener that devices use directly. */
  readonly acl?: readonly string[]
  /** Passwords by user name, for the plain listener. Whoever names no user comes in as well. */
  readonly users?: Readonly<Record<string, string>>
}

/** A real Mosquitto with three listeners: plain TCP, TLS, and mutual TLS for devices that come without a gateway. */
export class Mosquitto {
  readonly tcp: number
  readonly tls: number
  readonly mutual: number
  readonly #config: string
  #process: Process | undefined

  private constructor(config: string, [tcp, tls, mutual]: number[]) {
    this.#config = config
    this.tcp = tcp
    this.tls = tls
    this.mutual = mutual
  }

  static async start(folder: Folder, authority: Authority, options: MosquittoOptions = {}): Promise<Mosquitto> {
    const ports = await freePorts(3)
    const server = await authority.server()
    const tls = [
      `cafile ${folder.write('broker-ca.pem', authority.certificate)}`,
      `certfile ${folder.write('broker.pem', server.certificate)}`,
      `keyfile ${folder.write('broker.key', server.key)}`,
    ]
    const lines = [
      'per_listener_settings true',
      // Debian's Mosquitto, started by root, would become a user that cannot read the test's folder.
      'user root',
      'persistent_client_expiration 1h',
      'max_queued_messages 100000',
      'max_inflight_messages 100',
      'connection_messages true',
      `persistence ${options.persistence === true}`,
      `persistence_location ${folder.path}/`,
      'autosave_on_changes false',
      ...[`listener ${ports[0]} 127.0.0.1`, 'allow_anonymous true'],
      ...(options.users === undefined ? [] : [`password_file ${folder.write('users', passwords(options.users))}`]),
      ...[`listener ${ports[1]} 127.0.0.1`, 'allow_anonymous true', ...tls],
      ...[`listener ${ports[2]} 127.0.0.1`, 'allow_anonymous true', ...tls, 'require_certificate true'],
      ...(options.acl === undefined ? [] : [`acl_file ${folder.write('acl', `${options.acl.join('\n')}\n`)}`]),
    ]
    const mosquitto = new Mosquitto(folder.write('mosquitto.conf', `${lines.join('\n')}\n`), ports)
    await mosquitto.restart()
    return mosquitto
  }

  /** Starts it again on the same ports, with what it kept. */
  async restart(): Promise<void> {
    if (this.#process?.alive) await this.stop()
    const started = new Process('mosquitto', ['-c', this.#config], { env: withSystemFolders() })
    this.#process = started
    await started.until('ready', () => answers(this.tcp))
  }

  /** What it has logged since it was started. */
  get log(): string {
    return this.#process?.output ?? ''
  }

  async stop(): Promise<void> {
    await this.#process?.stop()
  }

  async kill(): Promise<void> {
    await this.#process?.stop('SIGKILL')
  }
}

/** Whether somebody listens on a port of the loop-back interface. */
export function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

// Debian puts brokers where the path of an ordinary user does not look.
export function withSystemFolders(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` }
}

// As mosquitto_passwd writes it: PBKDF2 with SHA-512.
function passwords(users: Readonly<Record<string, string>>): string {
  const lines = Object.entries(users).map(([user, password]) => {
    const salt = randomBytes(12)
    const hash = pbkdf2Sync(password, salt, 101, 64, 'sha512')
    return `${user}:$7$101$${salt.toString('base64')}$${hash.toString('base64')}\n`
  })
  return lines.join('')
}
