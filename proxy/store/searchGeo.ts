/** A place on earth in degrees. */
export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/** A point of the unit sphere. */
export interface SpherePoint {
  readonly x: number
  readonly y: number
  readonly z: number
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180

export const spherePoint = ({ latitude, longitude }: Place): SpherePoint => {
  const ring = Math.cos(radians(latitude))
  return {
    x: ring * Math.cos(radians(longitude)),
    y: ring * Math.sin(radians(longitude)),
    z: Math.sin(radians(latitude)),
  }
}

const earthKilometers = 6371.0088 // mean radius, IUGG
const earthMiles = earthKilometers / 1.609344

/** Angle in radians of a distance along the surface, by the API's names of units. Source: its docs on search by geo. */
const angles: Readonly<Record<string, (value: number) => number>> = {
  withinkilometers: (value) => value / earthKilometers,
  withinmiles: (value) => value / earthMiles,
  withinradians: (value) => value,
  withindegrees: radians,
}

/** The square of the straight line through the sphere to what is so far away; undefined for an unknown unit. */
export const squaredChord = (unit: string, value: number): number | undefined => {
  const angle = angles[unit.toLowerCase()]?.(value)
  return angle === undefined ? undefined : (2 * Math.sin(Math.min(angle, Math.PI) / 2)) ** 2
}

/** Degrees of latitude within which everything lies that is so near. */
export const latitudesWithin = (place: Place, chord: number): readonly [from: number, to: number] => {
  const angle = 2 * Math.asin(Math.min(Math.sqrt(chord) / 2, 1))
  const degrees = (angle * 180) / Math.PI + 1e-9 // for what is lost in computing
  return [place.latitude - degrees, place.latitude + degrees]
}
