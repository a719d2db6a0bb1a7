using Slipway.Core;
using Slipway.Mlflow.Search;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tests.Search;

public sealed class SearchFilterTests
{
    [Theory]
    [InlineData("metrics.acc > 0.9", SearchField.Metric, "acc", SearchOperator.Greater, "0.9")]
    [InlineData("params.`pen-alty` LIKE 'l_'", SearchField.Parameter, "pen-alty", SearchOperator.Like, "l_")]
    [InlineData("tags.\"a.b\" != \"x\"", SearchField.Tag, "a.b", SearchOperator.NotEqual, "x")]
    [InlineData("run name ILIKE '%x%'", SearchField.Attribute, "run_name", SearchOperator.LikeIgnoringCase, "%x%")]
    [InlineData("attributes.run_id NOT IN ('a', 'b')", SearchField.Attribute, "run_id", SearchOperator.NotIn, "a,b")]
    [InlineData("tags.x IS NOT NULL", SearchField.Tag, "x", SearchOperator.IsNotNull, "")]
    [InlineData("created >= -1.5e3 AND", SearchField.Attribute, "start_time", SearchOperator.GreaterOrEqual, "-1500")]
    public void A_clause_says_field_key_comparison_and_values(string filter, SearchField field, string key, SearchOperator comparison, string values)
    {
        SearchClause clause = Assert.Single(SearchFilter.Parse(filter, SearchRules.Runs));
        Assert.Equal((field, key, comparison), (clause.Field, clause.Key, clause.Operator));
        Assert.Equal(values, string.Join(',', clause.Values.Select(static value => value.Text ?? FormattableString.Invariant($"{value.Number}"))));
    }

    [Fact]
    public void More_than_two_hundred_clauses_are_refused()
    {
        string filter = string.Join(" AND ", Enumerable.Repeat("metrics.a > 1", 200));
        Assert.Equal(200, SearchFilter.Parse(filter, SearchRules.Runs).Count);
        Assert.Throws<MlflowException>(() => SearchFilter.Parse(filter + " AND metrics.a > 1", SearchRules.Runs));
    }
}
