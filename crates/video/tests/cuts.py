# The cuts of a video by PySceneDetect, in exact seconds, one detector a line.
import sys

from scenedetect import AdaptiveDetector, ContentDetector, detect

for detector in (ContentDetector(), AdaptiveDetector()):
    cuts = [scene[0] for scene in detect(sys.argv[1], detector)][1:]
    print(*(f"{cut.pts}*{cut.time_base}" for cut in cuts))
