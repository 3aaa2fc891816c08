import type { WorkflowNode } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'

/**
 * Nodes in an order in which each comes after all that it takes its input from; otherwise they stay as they were.
 * @throws ApiError WORKFLOW_INVALID_GRAPH for nameless or repeated nodes, inputs that are not there, and circles
 */
export const inRunningOrder = (nodes: readonly WorkflowNode[], path: string): WorkflowNode[] => {
  checkNames(nodes, path)
  const placed = new Set<string>()
  const ordered: WorkflowNode[] = []
  while (ordered.length < nodes.length) {
    const next = nodes.find(
      ({ id, nodeInputs }) => !placed.has(id) && nodeInputs.every(({ nodeId }) => placed.has(nodeId)),
    )
    if (!next)
      throw invalid(
        path,
        `${nodes
          .filter(({ id }) => !placed.has(id))
          .map(quoted)
          .join(', ')} wait for one another`,
      )
    placed.add(next.id)
    ordered.push(next)
  }
  return ordered
}

const quoted = ({ id }: WorkflowNode): string => `"${id}"`

const checkNames = (nodes: readonly WorkflowNode[], path: string): void => {
  const names = new Set<string>()
  for (const [i, { id }] of nodes.entries()) {
    if (id === '') throw invalid(`${path}[${i}].id`, 'required')
    if (names.has(id)) throw invalid(`${path}[${i}].id`, `"${id}" is there twice`)
    names.add(id)
  }
  for (const [i, node] of nodes.entries())
    for (const [k, { nodeId }] of node.nodeInputs.entries())
      if (!names.has(nodeId)) throw invalid(`${path}[${i}].node_inputs[${k}].node_id`, `there is no node "${nodeId}"`)
}

const invalid = (path: string, what: string): ApiError =>
  new ApiError(StatusCode.WORKFLOW_INVALID_GRAPH, `${path}: ${what}`)

/** The nodes that these are made from, however indirectly, and these themselves. Nodes are in running order. */
export const withSources = (nodes: readonly WorkflowNode[], ids: ReadonlySet<string>): WorkflowNode[] => {
  const wanted = new Set(ids)
  for (const node of nodes.toReversed())
    if (wanted.has(node.id)) for (const { nodeId } of node.nodeInputs) wanted.add(nodeId)
  return nodes.filter(({ id }) => wanted.has(id))
}
