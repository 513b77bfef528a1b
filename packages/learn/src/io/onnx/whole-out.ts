import { LEAST } from '../../ensemble/calibration.ts'
import type { Calibration, Ensemble, OwnMember, Pool } from '../../ensemble/index.ts'
import type { GraphBuilder } from './graph.ts'
import type { Node } from './layers-out.ts'
import { double, memberOut, single } from './members-out.ts'
import { ElementType } from './tensor.ts'

/** How many columns the rows have that an ensemble takes. */
export const columnsOf = ({ parts }: Ensemble<OwnMember>): number => parts.novelty.neighbors.references.columns

/**
 * Writes an ensemble with all that decides: scaling, members, their calibrations, the pool, its calibration and the factors of rare classes; what says when to doubt stays behind. Input `x` [N, columns],
 * encoded rows, NaN where a value is missing. Outputs: `label` [N], the likeliest class once factors have been at it; `probabilities` [N, classes] as `Ensemble.probabilities` gives them; and
 * `weighted` [N, classes], these times the factors, with sum 1: where `label` is decided, and so what somebody who attacks the ensemble has to move.
 */
export function addEnsemble(graph: GraphBuilder, ensemble: Ensemble<OwnMember>): void {
  const { members, calibrations, pool, calibration, factors } = ensemble.parts
  const x = graph.input('x', ['N', columnsOf(ensemble)])
  const least = graph.double('least', [LEAST])
  const logs = (probabilities: Node): Node => graph.node('Log', [graph.node('Max', [probabilities, least])])
  const calibrated = (probabilities: Node, { scale, bias }: Calibration, name: string): Node => {
    const scaled = graph.node('Mul', [logs(probabilities), graph.double(`${name}.scale`, scale)])
    return softmax(graph, graph.node('Add', [scaled, graph.double(`${name}.bias`, bias)]))
  }
  const said = members.map((member, m) =>
    calibrated(double(graph, memberOut(graph, x, member, `member${m}`)), calibrations[m]!, `member${m}.calibration`),
  )
  const probabilities = calibrated(pooled(graph, pool, said, logs), calibration, 'calibration')
  const lifted = graph.node('Mul', [probabilities, graph.double('factors', factors)])
  const sum = graph.node('ReduceSum', [lifted, graph.whole('axis1', [1])], { keepdims: 1 })
  graph.output(graph.node('ArgMax', [lifted], { axis: 1, keepdims: 0 }), 'label', ['N'], ElementType.int64)
  const dims = ['N', factors.length]
  graph.output(single(graph, probabilities), 'probabilities', dims)
  graph.output(single(graph, graph.node('Div', [lifted, sum])), 'weighted', dims)
}

const softmax = (graph: GraphBuilder, logits: Node): Node => graph.node('Softmax', [logits], { axis: -1 })

/** What members say, joined: their weighted mean, or of their logarithms, to which a bias comes. */
function pooled(graph: GraphBuilder, pool: Pool, said: readonly Node[], logs: (of: Node) => Node): Node {
  const shares = said.map((each, m) => {
    const weight = graph.double(`pool.weight${m}`, [pool.weights[m]!])
    return graph.node('Mul', [pool.kind === 'vote' ? each : logs(each), weight])
  })
  if (pool.kind === 'vote') return graph.node('Sum', shares)
  return softmax(graph, graph.node('Sum', [...shares, graph.double('pool.bias', pool.bias)]))
}
