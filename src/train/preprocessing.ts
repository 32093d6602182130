/** What a net of the zoo wants done to the pixel values in [0,1], for each channel. */
export const zooPreprocessing = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;

/** The preprocessed value of a pixel in [0,1]; all channels have the same mean and deviation. */
export const preprocess = (value: number): number => (value - zooPreprocessing.mean[0]) / zooPreprocessing.std[0];
