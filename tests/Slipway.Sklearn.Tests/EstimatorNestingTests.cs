using System.Text;
using Slipway.Core;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Tests;

/// <summary>Pickles whose estimators contain themselves or share their parts many times over are refused before anything walks along them.</summary>
public sealed class EstimatorNestingTests
{
    [Theory]
    [InlineData("sklearn.pipeline", "Pipeline", "steps")]
    [InlineData("sklearn.pipeline", "FeatureUnion", "transformer_list")]
    [InlineData("sklearn.compose._column_transformer", "ColumnTransformer", "transformers_")]
    public void An_estimator_that_contains_itself_is_refused(string module, string name, string parts)
    {
        SlipwayException error = Refused(Made(0, module, name, $"S'{parts}'\n(lp1\n(S'a'\ng0\n(I0\ntta") + ".");
        Assert.Contains($"a {name} of the model contains itself", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_whose_best_estimator_is_itself_is_refused()
    {
        SlipwayException error = Refused(Made(0, "sklearn.model_selection._search", "GridSearchCV", "S'best_estimator_'\ng0\n") + ".");
        Assert.Contains("a GridSearchCV of the model contains itself", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_bytes_that_stand_for_a_million_million_estimators_are_refused()
    {
        StringBuilder pickle = new(Made(0, "sklearn.preprocessing._data", "StandardScaler", ""));
        for (int i = 1; i <= 40; i++)
        {
            pickle.Append(Made(i, "sklearn.pipeline", "FeatureUnion", $"S'transformer_list'\n(lp{100 + i}\n(S'a'\ng{i - 1}\nta(S'b'\ng{i - 1}\nta"));
        }

        SlipwayException error = Refused(pickle.Append('.').ToString());
        Assert.Contains("holds more than 200000 estimators", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_estimator_is_described()
    {
        string scaler = Made(0, "sklearn.preprocessing._data", "StandardScaler", "");
        string encoder = Made(1, "sklearn.preprocessing._label", "LabelEncoder", "");
        SlipwayException error = Assert.Throws<SlipwayException>(() => Convert($"{scaler}0{encoder}0(dS'scaler'\ng0\nsS'labels'\ng1\nsS'n'\nI3\ns."));
        Assert.Equal(ErrorCode.NotSupported, error.Code);
        Assert.Contains("a dictionary of 'scaler' (StandardScaler), 'labels' (LabelEncoder), 'n' (value)", error.Message, StringComparison.Ordinal);
    }

    // An instance under memo key, with n_features_in_ and more entries of its state.
    private static string Made(int key, string module, string name, string state) =>
        $"ccopy_reg\n_reconstructor\n(c{module}\n{name}\nc__builtin__\nobject\nNtRp{key}\n(dS'n_features_in_'\nI2\ns{(state.Length > 0 ? state + "s" : "")}b";

    private static SlipwayException Refused(string pickle)
    {
        SlipwayException error = Assert.Throws<SlipwayException>(() => Convert(pickle));
        Assert.Equal(ErrorCode.InvalidModel, error.Code);
        return error;
    }

    private static byte[] Convert(string pickle) => SklearnConverter.Convert(PickleReader.Read(Encoding.ASCII.GetBytes(pickle)), "");
}
