import { chmodSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { RingwallError, systemCode } from '../base/error.ts'
import { makeFolder } from '../base/folder.ts'
import type { Verdict } from '../contract/index.ts'
import type { AlarmMemory } from './alarms.ts'
import type { VerdictMemory } from './memory.ts'
import type { TallyBook } from './tally.ts'

/** A verdict as the control socket shows it: the act's bytes in hex. */
export interface ShownVerdict extends Omit<Verdict, 'bytes'> {
  readonly bytes: string
}

/** What a room of the gateway does for one method and path. Throws a `RingwallError`. */
export type Route = (query: URLSearchParams) => object | Promise<object>

export interface Orders {
  /** @returns what changed. Throws a `RingwallError`. */
  reload(): object
  stop(): void
}

/**
 * What the operator on this machine may ask a running gateway, over a Unix socket that only its owner can open (0600):
 * `GET /verdicts?most=N`, `GET /verdicts/ID`, `GET /alarms?most=N`, `GET /state`, `POST /reload`, `POST /stop`, and the routes
 * that rooms of the gateway add. Acts hold payloads: no network port shows them.
 */
export class Control {
  /** What whoever runs the gateway does for the operator; without it both are refused. */
  orders: Orders | null = null
  /** What other rooms answer, by method and path: `POST /block`. */
  readonly routes = new Map<string, Route>()
  /** What other rooms add to `GET /state`. */
  about: () => object = () => ({})
  readonly #server: Server
  #path = ''

  constructor(memory: VerdictMemory, book: TallyBook, alarms: AlarmMemory) {
    this.#server = createServer((request, response) => {
      const url = URL.parse(request.url ?? '/', 'http://localhost')
      if (url === null) return reply(response, 404, {})
      const route = this.routes.get(`${request.method} ${url.pathname}`)
      if (route !== undefined) return void answer(response, () => route(url.searchParams))
      if (request.method === 'POST') return this.#obey(url.pathname, response)
      if (url.pathname === '/state') {
        return reply(response, 200, {
          connections: book.connections,
          ...book.totals,
          findings: book.codes,
          ...this.about(),
        })
      }
      if (url.pathname === '/verdicts') {
        return reply(response, 200, memory.latest(mostOf(url)).map(show))
      }
      if (url.pathname === '/alarms') return reply(response, 200, alarms.latest(mostOf(url)))
      const verdict = url.pathname.startsWith('/verdicts/') ? memory.get(url.pathname.slice(10)) : undefined
      return verdict === undefined ? reply(response, 404, {}) : reply(response, 200, show(verdict))
    })
  }

  #obey(path: string, response: ServerResponse): void {
    const { orders } = this
    if (orders === null || (path !== '/reload' && path !== '/stop')) return reply(response, 404, {})
    if (path === '/reload') return void answer(response, () => orders.reload())
    reply(response, 200, {})
    orders.stop()
  }

  /** Errors: `control_taken` where another gateway answers there, `control_path` where no socket can be made. */
  async listen(path: string): Promise<void> {
    if (await answers(path)) {
      throw new RingwallError(
        'control_taken',
        `another gateway answers at ${path}`,
        'Stop it, or set another control.path.',
        {
          field: 'control.path',
        },
      )
    }
    const former = process.umask(0o077)
    try {
      makeFolder(dirname(path), 0o700)
      if (statSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path)
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject)
        this.#server.listen(path, resolve)
      })
      chmodSync(path, 0o600)
    } catch (error) {
      const what = `no socket can be made at ${path} (${systemCode(error)})`
      const hint = 'Name a path of at most 100 characters in a folder that the gateway may write, or set control: off.'
      throw new RingwallError('control_path', what, hint, { field: 'control.path' }, error)
    } finally {
      process.umask(former)
    }
    this.#path = path
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
    if (this.#path !== '') rmSync(this.#path, { force: true })
  }
}

async function answer(response: ServerResponse, work: () => object | Promise<object>): Promise<void> {
  try {
    reply(response, 200, await work())
  } catch (error) {
    reply(response, 409, error instanceof RingwallError ? error.toJSON() : { what: String(error) })
  }
}

function mostOf(url: URL): number {
  return Math.min(Number(url.searchParams.get('most') ?? 20) || 20, 1_000)
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function show(verdict: Verdict): ShownVerdict {
  return { ...verdict, bytes: Buffer.from(verdict.bytes).toString('hex') }
}

function answers(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(path, () => resolve(true))
  socket.on('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}
