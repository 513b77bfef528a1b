import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'

const START_TIMEOUT = 5000

/** The broker's path, or null where it is not installed. Debian keeps it outside an ordinary user's path. */
export function findMosquitto(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin']
  return folders.map(folder => join(folder, 'mosquitto')).find(path => existsSync(path)) ?? null
}

/**
 * A mosquitto with mutual TLS. Without access control it is what the gateway is with all guards off. The second, plain
 * port is for the observer.
 */
export class Mosquitto {
  readonly tlsPort: number
  readonly plainPort: number
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, tlsPort: number, plainPort: number) {
    this.#child = child
    this.tlsPort = tlsPort
    this.plainPort = plainPort
  }

  /** Starts it in `folder`, where `ca.pem`, `server.pem` and `server.key` lie; `access` is the text of an ACL file
   * and brings a limit on size with it. */
  static async start(path: string, folder: string, access?: string): Promise<Mosquitto> {
    const [tlsPort, plainPort] = [await freePort(), await freePort()]
    const file = join(folder, 'mosquitto.conf')
    const aclFile = join(folder, 'acl')
    const root = process.getuid?.() === 0 ? ['user root'] : []
    const lines = [
      ...root,
      'per_listener_settings false',
      'allow_anonymous true',
      'sys_interval 1',
      'set_tcp_nodelay true',
      ...(access ? [`acl_file ${aclFile}`, 'max_packet_size 5000'] : []),
      'max_queued_messages 0',
      `listener ${plainPort} 127.0.0.1`,
      `listener ${tlsPort} 127.0.0.1`,
      `cafile ${join(folder, 'ca.pem')}`,
      `certfile ${join(folder, 'server.pem')}`,
      `keyfile ${join(folder, 'server.key')}`,
      'require_certificate true',
      'use_identity_as_username true',
    ]
    if (access) writeFileSync(aclFile, access)
    writeFileSync(file, `${lines.join('\n')}\n`)
    const child = spawn(path, ['-c', file], { stdio: 'ignore' })
    const broker = new Mosquitto(child, tlsPort, plainPort)
    await answers(plainPort, child)
    return broker
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return
    this.#child.kill()
    await once(this.#child, 'exit')
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + START_TIMEOUT; Date.now() < end && child.exitCode === null; ) {
    const socket = connect(port, '127.0.0.1')
    const up = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (up) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('mosquitto did not start')
}
