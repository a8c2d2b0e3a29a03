"""The catalogue of mistakes: rules that produce wrong answers, so that an answer can be explained by them."""
