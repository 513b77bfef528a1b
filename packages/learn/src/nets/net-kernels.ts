/** An address in an arena, in bytes; 0 where a kernel may go without. */
export type Address = number

/** What the kernels of a dense layer begin with. */
type Layer = [m: number, n: number, k: number, x: Address, ldx: number, w: Address, ldw: number]

/** What those of a recurrent layer do. */
type Sequence = [
  steps: number,
  batch: number,
  inputs: number,
  units: number,
  width: number,
  x: Address,
  ldx: number,
  wx: Address,
]

/** What those of attention do. */
type Heads = [
  batch: number,
  queries: number,
  steps: number,
  heads: number,
  width: number,
  scale: number,
  q: Address,
  ldq: number,
  kv: Address,
  ldkv: number,
  p: Address,
]

/** The kernels of nets, as `kernel/nets-*.as` describes them. Sizes and strides are in floats. */
export interface NetKernels {
  gemm(
    m: number,
    n: number,
    k: number,
    a: Address,
    rowsOfA: number,
    columnsOfA: number,
    b: Address,
    ldb: number,
    c: Address,
    ldc: number,
    accumulate: number,
    bias: Address,
  ): void
  transpose(rows: number, columns: number, a: Address, lda: number, b: Address, ldb: number): void
  activate(n: number, y: Address, act: number): void
  dense(...given: [...Layer, b: Address, y: Address, act: number]): void
  denseBack(
    ...given: [
      ...Layer,
      y: Address,
      g: Address,
      act: number,
      dw: Address,
      db: Address,
      dx: Address,
      accumulate: number,
      wt: Address,
    ]
  ): void
  chain(count: number, table: Address, x: Address): Address
  chainError(count: number, table: Address, x: Address, columns: number): number
  add(n: number, a: Address, b: Address, to: Address): void
  pass(n: number, a: Address, to: Address, accumulate: number): void
  negate(n: number, a: Address, to: Address, accumulate: number): void
  addRepeated(count: number, n: number, x: Address, a: Address, to: Address): void
  repeat(count: number, n: number, a: Address, to: Address): void
  sumRepeated(count: number, n: number, x: Address, to: Address, accumulate: number): void
  copyRows(rows: number, columns: number, x: Address, ldx: number, to: Address, ldo: number, accumulate: number): void
  zero(n: number, to: Address): void
  gather(
    count: number,
    offsets: Address,
    from: Address,
    steps: number,
    columns: number,
    width: number,
    sampleRows: number,
    stepRows: number,
    to: Address,
  ): void
  gru(
    ...given: [...Sequence, b: Address, wh: Address, bn: Address, g: Address, u: Address, h: Address, fresh: number]
  ): void
  gruBack(
    ...given: [
      ...Sequence,
      wh: Address,
      g: Address,
      u: Address,
      h: Address,
      dy: Address,
      allSteps: number,
      dwx: Address,
      db: Address,
      dwh: Address,
      dbn: Address,
      dx: Address,
      accumulate: number,
      dh: Address,
      wt: Address,
    ]
  ): void
  lstm(
    ...given: [...Sequence, b: Address, wh: Address, g: Address, c: Address, tc: Address, h: Address, fresh: number]
  ): void
  lstmBack(
    ...given: [
      ...Sequence,
      wh: Address,
      g: Address,
      c: Address,
      tc: Address,
      h: Address,
      dy: Address,
      allSteps: number,
      dwx: Address,
      db: Address,
      dwh: Address,
      dx: Address,
      accumulate: number,
      dh: Address,
      dc: Address,
      wt: Address,
    ]
  ): void
  softmax(rows: number, columns: number, width: number, x: Address, y: Address, scale: number): void
  layerNorm(
    rows: number,
    columns: number,
    width: number,
    x: Address,
    residual: Address,
    gain: Address,
    bias: Address,
    normed: Address,
    scale: Address,
    y: Address,
  ): void
  layerNormBack(
    rows: number,
    columns: number,
    width: number,
    normed: Address,
    scale: Address,
    gain: Address,
    g: Address,
    dgain: Address,
    dbias: Address,
    dx: Address,
    accumulateX: number,
    dr: Address,
    accumulateR: number,
  ): void
  attention(...given: [...Heads, o: Address, kt: Address]): void
  attentionBack(...given: [...Heads, g: Address, dq: Address, dkv: Address, dp: Address, vt: Address]): void
  squaredLoss(rows: number, columns: number, width: number, y: Address, t: Address, g: Address): number
  huberLoss(rows: number, columns: number, width: number, delta: number, y: Address, t: Address, g: Address): number
  crossEntropy(
    rows: number,
    columns: number,
    width: number,
    logits: Address,
    labels: Address,
    weights: Address,
    p: Address,
    g: Address,
  ): number
  sampleErrors(
    rows: number,
    steps: number,
    sampleRows: number,
    stepRows: number,
    columns: number,
    width: number,
    y: Address,
    t: Address,
    to: Address,
  ): void
  squares(n: number, g: Address): number
  adam(
    n: number,
    w: Address,
    g: Address,
    m: Address,
    v: Address,
    scale: number,
    beta1: number,
    beta2: number,
    rate: number,
    correction: number,
    epsilon: number,
    l2: number,
    keep: number,
    l1: number,
  ): void
  descend(
    n: number,
    w: Address,
    g: Address,
    m: Address,
    scale: number,
    rate: number,
    momentum: number,
    l2: number,
    keep: number,
    l1: number,
  ): void
  dropout(n: number, rate: number, x: Address, mask: Address, y: Address, state: Address): void
  multiply(n: number, a: Address, b: Address, to: Address, accumulate: number): void
  bound(
    rows: number,
    width: number,
    was: Address,
    reach: Address,
    least: Address,
    most: Address,
    low: Address,
    high: Address,
  ): void
  climb(rows: number, width: number, x: Address, g: Address, step: Address, low: Address, high: Address): void
  scatter(n: number, x: Address, low: Address, high: Address, state: Address): void
}
