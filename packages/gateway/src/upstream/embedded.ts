import { randomBytes } from 'node:crypto'
import { Worker } from 'node:worker_threads'

/** A broker for trying, in a thread of its own. It forgets everything when it ends. */
export interface EmbeddedBroker {
  readonly port: number
  /** Nobody gets in without it: the broker must not be reachable around the gateway. */
  readonly password: string
  close(): Promise<void>
}

/** Starts aedes on a free port of 127.0.0.1. */
export async function startEmbeddedBroker(): Promise<EmbeddedBroker> {
  const password = randomBytes(24).toString('base64url')
  const worker = new Worker(new URL('./embedded-main.ts', import.meta.url), { workerData: { password } })
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  return {
    port,
    password,
    close: async () => {
      await worker.terminate()
    },
  }
}
