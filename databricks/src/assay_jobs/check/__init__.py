"""What packaging asks before anything is deployed: the contracts and the gold SQL of all pipelines,
checked without Spark by the code that reads them in the job."""
