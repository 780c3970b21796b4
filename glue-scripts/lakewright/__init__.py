"""The lake's Spark application: silver, quality, gold and maintenance, on AWS Glue and locally."""
