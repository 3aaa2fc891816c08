import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'

/** A model could not be asked, or answered nothing usable. */
export class PredictionFailed extends ApiError {
  /** Whether asking again later may help: the network, an overloaded or restarting runner. */
  readonly mayPass: boolean
  constructor(details: string, mayPass: boolean, options?: ErrorOptions & { readonly code?: StatusCode }) {
    super(options?.code ?? StatusCode.MODEL_PREDICTION_FAILED, details, options)
    this.name = 'PredictionFailed'
    this.mayPass = mayPass
  }
}
