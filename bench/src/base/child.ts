import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server under test: a process of its own that listens on a port of 127.0.0.1. */
export class Server {
  readonly #child: ChildProcess
  readonly #name: string
  #errors = ''

  private constructor(name: string, child: ChildProcess) {
    this.#name = name
    this.#child = child
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000)
    })
  }

  /**
   * Starts a program and waits until `port` accepts connections, 15 s at most. A shell raises the limit of open files
   * first and is then replaced by the program, so that the process id is the program's own.
   */
  static async start(
    name: string,
    command: string,
    args: readonly string[],
    port: number,
    folder: string,
  ): Promise<Server> {
    const child = spawn('/bin/sh', ['-c', 'ulimit -n 20000 2>/dev/null; exec "$0" "$@"', command, ...args], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const server = new Server(name, child)
    const deadline = Date.now() + 15_000
    while (!(await accepts(port))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        await server.stop()
        throw new Error(`${name} does not listen on ${port}: ${server.#errors.trim() || `exit code ${child.exitCode}`}`)
      }
      await sleep(50)
    }
    return server
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Throws with the server's last words if it has ended. */
  check(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) return
    throw new Error(`${this.#name} ended: ${this.#errors.trim()}`)
  }

  /** The last 4,000 characters that it wrote to stderr. */
  get errors(): string {
    return this.#errors
  }

  /** Asks it to end, and after 5 s ends it. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), 5000)
    await exited
    clearTimeout(patience)
  }
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

function accepts(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
