import { env, InferenceSession, Tensor } from 'onnxruntime-web'

/** An exported ensemble as onnxruntime runs it, and nothing else of it: what somebody knows who was given the file and no code of ours. */
export class Exported {
  readonly #session: InferenceSession
  readonly columns: number
  /** Rows that it was asked about. */
  queries = 0

  private constructor(session: InferenceSession, columns: number) {
    this.#session = session
    this.columns = columns
  }

  static async open(model: Uint8Array, columns: number): Promise<Exported> {
    env.logLevel = 'error'
    env.wasm.numThreads = 1
    return new Exported(await InferenceSession.create(model), columns)
  }

  /** Of each row the class that is told. */
  async labels(rows: Float32Array): Promise<number[]> {
    if (rows.length === 0) return []
    const { label } = await this.#run(rows)
    return Array.from(label!.data as BigInt64Array, Number)
  }

  /** Of each row the logarithm of its class's odds against the likeliest other; 0 or less where it is told wrongly. */
  async leads(rows: Float32Array, labels: readonly number[]): Promise<number[]> {
    if (rows.length === 0) return []
    const { weighted } = await this.#run(rows)
    const data = weighted!.data as Float32Array
    const classes = weighted!.dims[1]!
    return labels.map((label, row) => {
      const all = data.subarray(row * classes, (row + 1) * classes)
      const other = Math.max(...all.filter((_, k) => k !== label))
      return Math.log(all[label]! + Number.MIN_VALUE) - Math.log(other + Number.MIN_VALUE)
    })
  }

  #run(rows: Float32Array): Promise<InferenceSession.OnnxValueMapType> {
    const count = rows.length / this.columns
    this.queries += count
    return this.#session.run({ x: new Tensor('float32', rows, [count, this.columns]) })
  }
}
