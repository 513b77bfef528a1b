import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long anything that a test waits for may take. Not a measure of speed: it only ends what would hang. */
export const PATIENCE_MS = 30_000

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** A process that a test started, with what it has written so far. */
export class Process {
  readonly child: ChildProcess
  readonly pid: number
  /** Exit code, or the signal's name. Resolves once the process is gone and its output is read. */
  readonly ended: Promise<number | string>
  output = ''
  readonly #title: string

  constructor(command: string, args: readonly string[], options: SpawnOptions = {}) {
    this.#title = [command, ...args].join(' ')
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options })
    running.add(this.child)
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text
    })
    // Who writes to a process that has just ended learns it from its end.
    this.child.stdin?.on('error', () => {})
    this.pid = this.child.pid ?? -1
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject)
      this.child.once('close', (code, signal) => {
        running.delete(this.child)
        resolve(code ?? signal ?? 'unknown')
      })
    })
    this.ended.catch(() => running.delete(this.child))
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** Waits until the condition holds; fails with the output where the process ends before. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    await until(
      `${what} of ${this.#title}`,
      async () => {
        if (await holds()) return true
        if (!this.alive) throw new Error(`${this.#title} ended before ${what}:\n${this.output}`)
        return false
      },
      () => this.output,
    )
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    if (this.alive) this.child.kill(signal)
    return this.ended
  }
}

/** Polls for a condition that no event announces. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  evidence: () => string = () => '',
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}\n${evidence()}`)
    await sleep(20)
  }
}

/** The result of a promise, or an error that names what was waited for. */
export async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  const stop = new AbortController()
  const late = sleep(PATIENCE_MS, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`waited in vain for ${what}`)
  })
  late.catch(() => {})
  try {
    return await Promise.race([promise, late])
  } finally {
    stop.abort()
  }
}

/** Ports of the loop-back interface that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => once(server, 'listening')))
  const ports = servers.map(server => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
}
