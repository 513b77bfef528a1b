import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** What a load process can be asked to do, by name. Inputs and results are plain data. */
export type Calls = Record<string, (input: never) => unknown>

interface Request {
  readonly id: number
  readonly call: string
  readonly input: unknown
}

type Reply = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string }

/** A load generator, sink or subscriber in a process of its own, so that its work is on nobody else's account. */
export class Remote<C extends Calls> {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>()
  #next = 0

  /** Starts the load file `name` of `bench/src/load`. */
  constructor(name: string) {
    this.#child = fork(new URL(`../load/${name}.ts`, import.meta.url), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child.on('message', message => this.#settle(message as Reply))
    this.#child.once('exit', code => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${name} ended with code ${code}`))
      this.#waiting.clear()
    })
  }

  /** Asks for one call and waits for its result. */
  call<K extends keyof C & string>(call: K, input: Parameters<C[K]>[0]): Promise<Awaited<ReturnType<C[K]>>> {
    const request: Request = { id: this.#next++, call, input }
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject })
      this.#child.send(request)
    })
  }

  get pid(): number {
    return this.#child.pid!
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if ('error' in reply) waiting?.reject(new Error(reply.error))
    else waiting?.resolve(reply.result as never)
  }
}

/** The other end: answers the calls of the process that forked this one, and ends with it. */
export function serve(calls: Calls): void {
  process.on('message', async message => {
    const { id, call, input } = message as Request
    let reply: Reply
    try {
      reply = { id, result: await calls[call]!(input as never) }
    } catch (error) {
      reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
    process.send?.(reply)
  })
  process.on('disconnect', () => process.exit())
}
