package dock

import (
	"context"

	"txcases/jetty"
)

// SignsOff ends by a method.
func (c Cases) SignsOff(ctx context.Context) error {
	clerk, err := jetty.Open(ctx, c.p.DB)
	if err != nil {
		return err
	}
	return clerk.SignOff(clerk.Enter(ctx, "salt"))
}

// SignsOffLater ends by a function.
func (c Cases) SignsOffLater(ctx context.Context) (err error) {
	clerk, err := jetty.Open(ctx, c.p.DB)
	if err != nil {
		return err
	}
	defer jetty.SignOffLater(clerk, &err)
	return clerk.Enter(ctx, "salt")
}

// SignsOffForgets forgets it where nothing was entered.
func (c Cases) SignsOffForgets(ctx context.Context) error {
	clerk, err := jetty.Open(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := clerk.Enter(ctx, "salt"); err != nil {
		return err // want `return leaves transaction clerk open`
	}
	return clerk.SignOff(nil)
}
