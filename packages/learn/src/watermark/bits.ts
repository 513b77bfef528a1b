import type { NetModel, Parameter, ParameterTerm } from '../nets/index.ts'
import { CODED_BITS, decodeBits, encodeBits, MESSAGE_BITS } from './bch.ts'
import { upperTail } from './binomial.ts'
import type { WatermarkKey } from './key.ts'
import { layerToMark, markedLayer } from './layer.ts'
import { KeyStream } from './stream.ts'

/** How strongly the mark is drawn into the weights where nothing is said: the factor of its cross entropy in the loss. */
const STRENGTH = 1
/** A projection of so many times what weights have by chance is a bit of which the sigmoid is as sure as of 1. */
const SLOPE = 2

/** The secret projection of a layer: each weight belongs to one coded bit, to which it adds or from which it is taken. */
interface Projection {
  /** Where in the block the weights of the bits lie: those of bit 0, 252, ... */
  readonly places: Uint32Array
  readonly signs: Int8Array
  /** What a key wants to be read: the message, and as it is coded. */
  readonly message: Uint8Array
  readonly coded: Uint8Array
}

/** What was read from a net's weights. */
export interface BitsReading {
  /** The tensor that was read. */
  readonly layer: string
  readonly bits: number
  /** How many of them are the key's. */
  readonly agreeing: number
  /** Coded bits that were wrong and were put right; null where there were too many, and the message is taken as it stands. */
  readonly corrected: number | null
  /** How many of the 252 coded bits are the key's. */
  readonly codedAgreeing: number
  /** The chance that so many bits or more agree, for a key that was drawn without regard to the net. */
  readonly p: number
}

/**
 * The regularizer that draws a key's 128 bits into the net's largest layer while it is trained (Uchida et al. 2017, "Embedding Watermarks into Deep Neural
 * Networks"): cross entropy of the sigmoid of projected weights. A dense layer has no filters to take a mean over: its weights are projected as they are. To be given
 * to `fit` as `term`. Error: `watermark_small`.
 */
export async function bitsTerm(model: NetModel, key: WatermarkKey, strength = STRENGTH): Promise<ParameterTerm> {
  const layer = layerToMark(model)
  const { places, signs, coded } = await projectionOf(layer, key)
  const scale = SLOPE / (Math.sqrt(places.length / CODED_BITS) * deviation(model.block, places))
  const slopes = new Float64Array(CODED_BITS)
  return (block, gradients) => {
    const sums = project(block, places, signs)
    let loss = 0
    for (let bit = 0; bit < CODED_BITS; bit++) {
      const aim = coded[bit] === 1 ? 1 : -1
      const against = -aim * scale * sums[bit]
      loss += against > 0 ? against + Math.log1p(Math.exp(-against)) : Math.log1p(Math.exp(against))
      slopes[bit] = (-aim * scale * strength) / (1 + Math.exp(-against)) / CODED_BITS
    }
    for (let i = 0; i < places.length; i++) gradients[places[i]] += signs[i] * slopes[i % CODED_BITS]
    return (strength * loss) / CODED_BITS
  }
}

/** Reads the bits of a key from a net's weights; null where no layer is large enough to carry them. */
export async function readBits(model: NetModel, key: WatermarkKey): Promise<BitsReading | null> {
  const layer = markedLayer(model)
  if (layer === null) return null
  const { places, signs, message, coded } = await projectionOf(layer, key)
  const found = Uint8Array.from(project(model.block, places, signs), sum => Number(sum > 0))
  const { message: read, errors } = decodeBits(found)
  const agreeing = MESSAGE_BITS - differing(read, message)
  return {
    layer: layer.spec.name,
    bits: MESSAGE_BITS,
    agreeing,
    corrected: errors,
    codedAgreeing: CODED_BITS - differing(found, coded),
    p: upperTail(agreeing, MESSAGE_BITS, 0.5),
  }
}

/** Which bits, which weights and which signs: all by the key and the layer's size, so that there is nothing to choose afterwards. */
async function projectionOf(layer: Parameter, key: WatermarkKey): Promise<Projection> {
  const { rows = 1, columns } = layer.spec
  const count = layer.count
  const stream = await KeyStream.of(key, `bits of ${rows} x ${columns} weights`, MESSAGE_BITS + 2 * count)
  const message = Uint8Array.from({ length: MESSAGE_BITS }, () => stream.below(2))
  const places = stream.shuffled(
    Uint32Array.from({ length: count }, (_, i) => layer.at(Math.floor(i / columns), i % columns)),
  )
  return { places, signs: Int8Array.from(places, () => stream.sign()), message, coded: encodeBits(message) }
}

function project(block: Float32Array, places: Uint32Array, signs: Int8Array): Float64Array {
  const sums = new Float64Array(CODED_BITS)
  for (let i = 0; i < places.length; i++) sums[i % CODED_BITS] += signs[i] * block[places[i]]
  return sums
}

function deviation(block: Float32Array, places: Uint32Array): number {
  return Math.sqrt(places.reduce((sum, place) => sum + block[place] ** 2, 0) / places.length)
}

/** In a time that does not depend on what differs. */
function differing(a: Uint8Array, b: Uint8Array): number {
  let count = 0
  for (let i = 0; i < a.length; i++) count += a[i] ^ b[i]
  return count
}
