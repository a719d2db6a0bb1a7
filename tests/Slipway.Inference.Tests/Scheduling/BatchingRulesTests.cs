using Slipway.Core;
using Slipway.Inference.Requests;
using Slipway.Inference.Scheduling;

namespace Slipway.Inference.Tests.Scheduling;

public sealed class BatchingRulesTests
{
    private static readonly TensorSignature Rows = new("x", TensorDataType.Float32, new TensorShape(-1, 2));

    [Fact]
    public void Independent_rows_can_be_run_together_whatever_constants_a_request_may_replace()
    {
        TensorSignature constant = new("w", TensorDataType.Float32, new TensorShape(2)) { IsOptional = true };
        TensorSignature anything = new("a", TensorDataType.Float32, default) { IsRankUnknown = true };

        Assert.Null(BatchingRules.Obstacle(Contract(isBatchable: true, Rows, constant, anything)));
    }

    [Fact]
    public void What_stands_in_the_way_is_named()
    {
        TensorSignature packed = new("p", TensorDataType.Int4, new TensorShape(-1, 2));
        TensorSignature pairs = new("two", TensorDataType.Float32, new TensorShape(2, 2));

        Assert.Equal("its rows are not known to be independent", BatchingRules.Obstacle(Contract(isBatchable: false, Rows)));
        Assert.Equal("'p' has 4-bit elements", BatchingRules.Obstacle(Contract(isBatchable: true, Rows, packed)));
        Assert.Equal("input 'two' takes 2 rows and no other number", BatchingRules.Obstacle(Contract(isBatchable: true, Rows, pairs)));
    }

    [Fact]
    public void Output_of_as_many_rows_as_a_batch_may_have_is_not_taken_for_theirs()
    {
        TensorSignature weights = new("weights", TensorDataType.Float32, new TensorShape(4));

        Assert.Equal("output 'weights' has 4 rows whatever comes in", BatchingRules.Obstacle(Contract(isBatchable: true, [Rows], weights)));
    }

    private static ServableContract Contract(bool isBatchable, params TensorSignature[] inputs) =>
        Contract(isBatchable, inputs, new TensorSignature("y", TensorDataType.Float32, new TensorShape(-1, 2)));

    private static ServableContract Contract(bool isBatchable, TensorSignature[] inputs, TensorSignature output) =>
        new("m", new ModelSignature(inputs, [output]) { IsBatchable = isBatchable }, [0], maxRequestRows: 0);
}
