import { simulate, undisturbed } from '@ringwall/lab'

/**
 * What a recorder at the broker would write down of the honest fleet's first minutes: a line of JSON for each message, as
 * `mosquitto_sub -F '%j'` prints them; payloads that are no text as `payloadHex`. Nobody is lost
 * meanwhile: a running sum, say, is learned from an unbroken recording only.
 */
export function* traffic(seed: number, site: string, minutes: number): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for (const { action, topic, payload, qos, retain, wall } of simulate({
    seed,
    site,
    minutes,
    script: undisturbed(minutes),
  })) {
    if (action !== 'publish') continue
    const head = { tst: new Date(wall).toISOString(), topic, qos, retain: retain ? 1 : 0, payloadlen: payload.length }
    let body: object
    try {
      body = { payload: decoder.decode(payload) }
    } catch {
      body = { payloadHex: Buffer.from(payload).toString('hex') }
    }
    yield JSON.stringify({ ...head, ...body })
  }
}
