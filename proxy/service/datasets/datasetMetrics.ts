import { create } from '@bufbuild/protobuf'
import {
  type Concept,
  type Data,
  type DatasetVersionMetrics,
  DatasetVersionMetricsSchema,
  type Region,
} from '#gen/proto/clarifai/api/resources_pb.ts'

/** The counts of a dataset's version, input by input. What a count means: resources.proto, DatasetVersionMetrics. */
export class MetricsCounter {
  readonly #counts = {
    inputs: 0,
    unlabeledInputs: 0,
    inputsWithMetadata: 0,
    inputsWithGeo: 0,
    regions: 0,
    boundingBoxes: 0,
    polygons: 0,
    points: 0,
    masks: 0,
    regionInputs: 0,
    regionFrames: 0,
    frames: 0,
    frameInputs: 0,
    positiveInputTags: 0,
    positiveRegionTags: 0,
    positiveFrameTags: 0,
  }

  add(data: Data): void {
    const counts = this.#counts
    const before = counts.positiveInputTags + counts.positiveRegionTags + counts.positiveFrameTags
    counts.inputs++
    if (Object.keys(data.metadata ?? {}).length > 0) counts.inputsWithMetadata++
    if (data.geo) counts.inputsWithGeo++
    counts.positiveInputTags += positives(data.concepts)
    if (data.regions.length > 0) counts.regionInputs++
    for (const region of data.regions) this.#addRegion(region)
    counts.frames += data.frames.length
    if (data.frames.length > 0) counts.frameInputs++
    for (const frame of data.frames) {
      counts.positiveFrameTags += positives(frame.data?.concepts ?? [])
      if (frame.data?.regions.length) counts.regionFrames++
      for (const region of frame.data?.regions ?? []) this.#addRegion(region)
    }
    const after = counts.positiveInputTags + counts.positiveRegionTags + counts.positiveFrameTags
    if (after === before) counts.unlabeledInputs++
  }

  #addRegion({ regionInfo, data }: Region): void {
    const counts = this.#counts
    counts.regions++
    counts.positiveRegionTags += positives(data?.concepts ?? [])
    if (regionInfo?.mask) counts.masks++
    else if (regionInfo?.polygon) counts.polygons++
    else if (regionInfo?.boundingBox) counts.boundingBoxes++
    else if (regionInfo?.point) counts.points++
  }

  message(): DatasetVersionMetrics {
    const counts = this.#counts
    return create(DatasetVersionMetricsSchema, {
      inputsCount: BigInt(counts.inputs),
      unlabeledInputsCount: BigInt(counts.unlabeledInputs),
      inputsWithMetadataCount: BigInt(counts.inputsWithMetadata),
      inputsWithGeoCount: BigInt(counts.inputsWithGeo),
      regionsCount: BigInt(counts.regions),
      boundingBoxesCount: BigInt(counts.boundingBoxes),
      polygonsCount: BigInt(counts.polygons),
      pointsCount: BigInt(counts.points),
      masksCount: BigInt(counts.masks),
      regionInputsCount: BigInt(counts.regionInputs),
      regionFramesCount: BigInt(counts.regionFrames),
      framesCount: BigInt(counts.frames),
      frameInputsCount: BigInt(counts.frameInputs),
      positiveInputTagsCount: BigInt(counts.positiveInputTags),
      positiveRegionTagsCount: BigInt(counts.positiveRegionTags),
      positiveFrameTagsCount: BigInt(counts.positiveFrameTags),
    })
  }
}

const positives = (concepts: readonly Concept[]): number => concepts.filter(({ value }) => value >= 0.5).length
