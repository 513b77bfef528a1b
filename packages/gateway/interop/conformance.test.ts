import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { vectors } from '../conformance/vectors/index.ts'
import { inspectStream } from '../src/cli/inspect-stream.ts'
import { Authority } from './peers/certificates.ts'
import { Folder } from './peers/folder.ts'
import { Mosquitto } from './peers/mosquitto.ts'
import { lacks } from './peers/needs.ts'
import { verdictOf } from './peers/verdict.ts'
import { reasonToDiffer } from './scenarios/differences.ts'

describe.skipIf(lacks('mosquitto'))('the vectors at a real Mosquitto', () => {
  const folder = new Folder()
  let mosquitto: Mosquitto

  beforeAll(async () => {
    mosquitto = await Mosquitto.start(folder, await Authority.create())
  })
  afterAll(async () => {
    await mosquitto?.stop()
    folder.remove()
  })

  test('what one takes and the other refuses is strict, or stands in the list with its reason', async () => {
    const differences: string[] = []
    for (const vector of vectors) {
      const bytes = Buffer.from(vector.hex, 'hex')
      const own = inspectStream(bytes, vector.options)
      const theirs = await verdictOf(mosquitto, bytes)
      if (theirs === own.verdict || own.strict || reasonToDiffer(vector, own.verdict) !== undefined) continue
      differences.push(`${vector.version} ${vector.name}: mosquitto ${theirs}, own ${own.code ?? 'accept'}`)
    }
    expect(differences).toEqual([])
  })
})
