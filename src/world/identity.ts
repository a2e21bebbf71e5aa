/**
 * Who is in the picture: the stable parameters of a procedural face.
 *
 * @module
 */
/**
 * The stable parameters of one person. Fields marked *shape* are standard units in [-2.5, 2.5], 0 being the average
 * head; all others are in [0, 1] unless said. Lengths in comments are in head units (half the height of a head).
 */
export type FaceIdentity = {
  /** Shape: width of the whole head. */
  headWidth: number;
  /** Shape: depth of the whole head. */
  headDepth: number;
  /** Shape: height of the whole head. */
  faceLength: number;
  /** Shape: width of the lower jaw. */
  jawWidth: number;
  /** Shape: width of the chin. */
  chinWidth: number;
  /** Shape: length of the chin. */
  chinLength: number;
  /** Shape: how far the chin stands out. */
  chinProminence: number;
  /** Shape: width over the cheekbones. */
  cheekboneWidth: number;
  /** Shape: how far the cheekbones stand out. */
  cheekbones: number;
  /** Shape: fullness of the cheeks. */
  cheekFullness: number;
  /** Shape: width of the forehead. */
  foreheadWidth: number;
  /** Shape: backward slope of the forehead. */
  foreheadSlope: number;
  /** Shape: how far the brow ridge stands out. */
  browRidge: number;
  /** Shape: distance between the eyes. */
  eyeSpacing: number;
  /** Shape: height of the eyes in the face. */
  eyeHeight: number;
  /** Shape: depth of the eye sockets. */
  eyeDepth: number;
  /** Shape: slant of the eyes, outer corner up. */
  eyeSlant: number;
  /** Shape: length of the nose. */
  noseLength: number;
  /** Shape: width of the nostrils. */
  noseWidth: number;
  /** Shape: height of the bridge between the eyes. */
  noseBridge: number;
  /** Shape: how far the nose stands out. */
  noseProtrusion: number;
  /** Shape: how far the tip turns up. */
  noseTip: number;
  /** Shape: hump of the bridge. */
  noseHump: number;
  /** Shape: height of the mouth. */
  mouthHeight: number;
  /** Shape: width of the mouth. */
  mouthWidth: number;
  /** Shape: fullness of the upper lip. */
  upperLip: number;
  /** Shape: fullness of the lower lip. */
  lowerLip: number;
  /** Shape: difference of the two halves. */
  asymmetry: number;
  /** Shape: size of the ears. */
  earSize: number;
  /** Shape: how far the ears stand out. */
  earProtrusion: number;
  /** Shape: width of the neck. */
  neckWidth: number;

  /** Shape: size of the eyes. */
  eyeSize: number;
  /** Shape: how wide the lids open at rest. */
  eyeOpening: number;
  /** Colour of the iris: 0 brown, 0.5 green, 1 blue. */
  irisColor: number;
  /** Darkness of the iris. */
  irisDarkness: number;
  /** Depth of the upper lid's crease. */
  lidCrease: number;
  /** Darkness of the lash line. */
  lashes: number;
  /** Darkness and swelling under the eyes. */
  eyeBags: number;

  /** Shape: thickness of the brows. */
  browThickness: number;
  /** Shape: arch of the brows. */
  browArch: number;
  /** Shape: tilt of the brows, outer end up. */
  browTilt: number;
  /** Shape: height of the brows over the eyes. */
  browHeight: number;
  /** Shape: length of the brows. */
  browLength: number;
  /** Density of the brows. */
  browDensity: number;

  /** Melanin: 0 palest, 1 darkest skin. */
  melanin: number;
  /** Yellow (0) to pink (1) undertone. */
  undertone: number;
  /** Redness of cheeks and nose. */
  redness: number;
  /** Amount of freckles. */
  freckles: number;
  /** Unevenness of the skin. */
  roughness: number;
  /** Oiliness: strength of the skin's highlights. */
  oiliness: number;
  /** Visible age: wrinkles and folds. */
  age: number;
  /** Saturation of the lips. */
  lipColor: number;
  /** Darkness of a mole; below 0.5 there is none. */
  mole: number;
  /** Mole's abscissa in face units, [-0.5, 0.5]. */
  moleX: number;
  /** Mole's ordinate in face units, [-0.9, 0.5]. */
  moleY: number;

  /** 1 if there is hair on the head, 0 if bald or shaved. */
  hair: number;
  /** Darkness of the hair: 0 fair, 1 black. */
  hairDarkness: number;
  /** Redness of the hair. */
  hairRedness: number;
  /** Share of grey hair. */
  hairGrey: number;
  /** Thickness of the hair on the head. */
  hairVolume: number;
  /** How far hair falls at sides and back: 0 clipped, 0.5 jaw, 1 shoulders. */
  hairLength: number;
  /** Height of the hairline, in face units, [0.3, 0.9]. */
  hairline: number;
  /** Recession at the temples. */
  recession: number;
  /** Peak in the middle of the hairline. */
  widowsPeak: number;
  /** How far a fringe falls over the forehead; 0 none. */
  fringe: number;
  /** Side to which the hair is swept, [-1, 1]. */
  hairSweep: number;
  /** Straight (0) to curly (1). */
  curl: number;
  /** Length of the sideburns. */
  sideburns: number;

  /** Density of the full beard. */
  beard: number;
  /** Density of the moustache. */
  moustache: number;
  /** Density of a beard on the chin alone. */
  goatee: number;
  /** Density of stubble. */
  stubble: number;
  /** Length of the beard. */
  beardLength: number;

  /** 1 if the person wears glasses, else 0. */
  glasses: number;
  /** Width of a lens. */
  glassesWidth: number;
  /** Height of a lens. */
  glassesHeight: number;
  /** Rectangular (0) to round (1) lenses. */
  glassesRoundness: number;
  /** Thickness of the frame. */
  glassesThickness: number;
  /** Darkness of the frame. */
  glassesDarkness: number;

  /** Key of the person's own texture (pores, strands, freckles), an integer in [0, 65536). */
  textureSeed: number;
};
