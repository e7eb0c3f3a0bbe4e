"""What several operations share: the rules of the business."""
