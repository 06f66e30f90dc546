#include "data/imagenet.h"
#include "data/imagenet_check.h"
#include "data/imagenet_maker.h"
#include "data/sets/catalog.h"

namespace gradwatt {

PublishedSet imagenet_set() {
  return {"imagenet",
          "Photographs of 1000 kinds of things, 1.28 million, a folder for each (ILSVRC 2012)",
          [](const std::filesystem::path& folder) { return imagenet_places(folder).are_folders(); },
          check_imagenet,
          make_imagenet};
}

PublishedSet imagenet_shards_set() {
  return {"imagenet-tar",
          "The same photographs in WebDataset's tar archives",
          [](const std::filesystem::path& folder) {
            const ImagenetPlaces places = imagenet_places(folder);
            return places.are_here() && !places.are_folders();
          },
          check_imagenet,
          make_imagenet_shards};
}

}  // namespace gradwatt
