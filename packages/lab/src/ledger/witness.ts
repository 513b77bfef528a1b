import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Kind, type Verifier, Witness, type WitnessPlace, type WitnessState } from '@ringwall/proof'
import { WitnessFiles } from '@ringwall/proof/files'
import { boundedServer, witnessService } from '@ringwall/proof/http'
import { madeUpKey } from './keys.ts'

const NAME = 'witness.example/lab'

/** A witness on a port of its own, as `ringwall witness serve` is. */
export interface ServedWitness extends WitnessPlace {
  stop(): Promise<void>
}

/** Serves a witness of one log. @param home where it keeps what it has cosigned */
export async function serveWitness(
  home: string,
  log: Verifier,
  state: WitnessState = new WitnessFiles(join(home, 'witness')),
): Promise<ServedWitness> {
  const { signer, verifier } = await madeUpKey(NAME, Kind.cosignature)
  const witness = new Witness([signer], [{ origin: log.name, keys: [log] }], state, () => Math.floor(Date.now() / 1000))
  const server: Server = boundedServer(witnessService(witness, () => {}))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const stop = (): Promise<void> =>
    new Promise(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, verifier, stop }
}
