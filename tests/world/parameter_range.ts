/** Ranges that are not [0, 1], by field; shapes are told by their value in a drawn person. */
const RANGES: Record<string, [number, number]> = {
  yaw: [-45, 45],
  pitch: [-20, 20],
  roll: [-12, 12],
  scale: [0.95, 1.5],
  aspect: [0.85, 1.3],
  shiftX: [-0.12, 0.12],
  shiftY: [-0.12, 0.12],
  distance: [4, 14],
  smile: [-1, 1],
  browRaise: [-1, 1],
  gazeX: [-1, 1],
  gazeY: [-1, 1],
  lightAzimuth: [-90, 90],
  lightElevation: [-30, 70],
  lightStrength: [0.2, 1.6],
  ambient: [0.1, 1],
  temperature: [-1, 1],
  backgroundAngle: [0, 360],
  backgroundSeed: [0, 65535],
  noiseSeed: [0, 65535],
  occluderSeed: [0, 65535],
  occluderAngle: [0, 360],
  ageing: [-1, 1],
  textureSeed: [0, 65535],
  blur: [0, 0.02],
  noise: [0, 0.1],
  contrast: [0.6, 1.4],
  exposure: [-1, 1],
  hairline: [0.3, 0.9],
  hairSweep: [-1, 1],
  moleX: [-0.5, 0.5],
  moleY: [-0.9, 0.5],
};
const UNIT = new Set(
  ("mouthOpen eyesClosed glassesOff glare backgroundR backgroundG backgroundB backgroundR2 backgroundG2 backgroundB2 " +
    "mask occluder backgroundShapes backgroundTexture clothesR clothesG clothesB neckline collar stripes grayscale irisColor " +
    "irisDarkness lidCrease lashes eyeBags browDensity melanin undertone redness freckles roughness oiliness age " +
    "lipColor mole hair hairDarkness hairRedness hairGrey hairVolume hairLength recession widowsPeak fringe curl " +
    "sideburns beard moustache goatee stubble beardLength glasses glassesWidth glassesHeight glassesRoundness " +
    "glassesThickness glassesDarkness").split(" "),
);

/** The documented range of a field of identity or nuisance. */
export function parameterRange(name: string): [number, number] {
  return RANGES[name] ?? (UNIT.has(name) ? [0, 1] : [-2.5, 2.5]);
}
