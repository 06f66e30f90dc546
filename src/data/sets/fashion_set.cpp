#include "data/fashion_files.h"
#include "data/sets/catalog.h"

namespace gradwatt {

PublishedSet fashion_set() {
  return {"fashion",
          "Fashion-MNIST: 70 000 grey images of clothes, 10 classes (Zalando Research)",
          has_fashion_files,
          check_fashion,
          make_fashion};
}

}  // namespace gradwatt
